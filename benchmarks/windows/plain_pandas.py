"""Straightforward pandas: the table in memory, one group-by of marked rows for each as-of date."""

from datetime import date
from pathlib import Path

import pandas as pd

from benchmarks.windows.ledger import AS_OF_DATES, INTERACTIONS, answer

CUSTOMER = "customer_id"
COLUMNS = [
    CUSTOMER,
    "channel",
    "kind",
    "occurred_at",
    "resolved_at",
    "known_at",
]


def compute(folder: Path) -> None:
    """Write the family's features of every customer at every as-of date."""
    rows = pd.read_parquet(folder / INTERACTIONS, columns=COLUMNS)
    found = pd.concat([_at(rows, as_of_date) for as_of_date in AS_OF_DATES], ignore_index=True)
    path = answer(folder, "plain_pandas")
    path.parent.mkdir(parents=True, exist_ok=True)
    found.to_parquet(path, index=False)


def _at(rows: pd.DataFrame, as_of_date: date) -> pd.DataFrame:
    known = _known(rows, pd.Timestamp(as_of_date))
    customer = known[CUSTOMER]
    counts = _contacts(known).groupby(customer).sum()
    spans = _spans(known).groupby(customer).agg(["min", "max"])
    counts = counts.join(_shares(_times(known).groupby(customer).sum()))
    found = counts.join(_channels(known)).assign(
        as_of_date=as_of_date,
        visit_trend=_ratio(3 * counts["visits__30d"], counts["visits__90d"]),
        days_between_visits=_ratio(
            spans["visit"]["max"] - spans["visit"]["min"], counts["n_visits"] - 1
        ),
        resolution_days__365d=_ratio(counts["resolution"], counts["n_resolved"]),
        days_since_visit=spans["visit"]["min"],
        days_since_incident=spans["trouble"]["min"],
        days_since_service=spans["service"]["min"],
        open_incident_days=spans["open"]["max"],
    )
    return found.drop(columns=["n_visits", "n_resolved", "resolution"]).reset_index()


def _known(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    known = rows[(rows["occurred_at"] < as_of) & (rows["known_at"] < as_of)]
    return known.assign(
        resolved_at=known["resolved_at"].where(known["resolved_at"] < as_of),
        age_days=(as_of - known["occurred_at"].dt.normalize()).dt.days,
    )


def _contacts(known: pd.DataFrame) -> pd.DataFrame:
    age, kind = known["age_days"], known["kind"]
    is_visit = kind == "visit"
    is_trouble = kind.isin(["incident", "complaint"])
    is_resolved = is_trouble & (age <= 365) & known["resolved_at"].notna()
    days = (known["resolved_at"].dt.normalize() - known["occurred_at"].dt.normalize()).dt.days
    return pd.DataFrame(
        {
            **{f"visits__{days}d": is_visit & (age <= days) for days in (30, 90, 365)},
            "n_visits": is_visit,
            "incidents__90d": is_trouble & (age <= 90),
            "n_resolved": is_resolved,
            "resolution": days.where(is_resolved, 0),
        }
    )


def _spans(known: pd.DataFrame) -> pd.DataFrame:
    """Return the age of the rows of each sort, missing elsewhere."""
    age, kind = known["age_days"], known["kind"]
    is_trouble = kind.isin(["incident", "complaint"])
    return pd.DataFrame(
        {
            "visit": age.where(kind == "visit"),
            "trouble": age.where(is_trouble),
            "service": age.where(is_trouble | (kind == "service_call")),
            "open": age.where((kind == "incident") & known["resolved_at"].isna()),
        }
    )


def _times(known: pd.DataFrame) -> pd.DataFrame:
    in_year, in_quarter = known["age_days"] <= 365, known["age_days"] <= 90
    hour, weekday = known["occurred_at"].dt.hour, known["occurred_at"].dt.day_of_week
    return pd.DataFrame(
        {
            "in_year": in_year,
            "in_quarter": in_quarter,
            "digital_share__90d": known["channel"].isin(["web", "app"]) & in_quarter,
            "store_share__365d": (known["channel"] == "store") & in_year,
            "morning_share__365d": (hour >= 6) & (hour < 12) & in_year,
            "evening_share__365d": (hour >= 18) & in_year,
            "weekend_share__365d": (weekday > 4) & in_year,
        }
    )


def _shares(times: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: _ratio(times[name], times["in_quarter" if name.endswith("90d") else "in_year"])
            for name in times.columns
            if "_share_" in name
        }
    )


def _channels(known: pd.DataFrame) -> pd.DataFrame:
    marked = known.assign(yearly=known["age_days"] <= 365, recent=known["age_days"] <= 90)
    channels = (
        marked.groupby([CUSTOMER, "channel"])
        .agg(yearly=("yearly", "sum"), recent=("recent", "sum"))
        .reset_index()
    )
    totals = channels.groupby(CUSTOMER)
    most = totals["yearly"].transform("max")
    yearly = _ratio(channels["yearly"], totals["yearly"].transform("sum"))
    recent = _ratio(channels["recent"], totals["recent"].transform("sum"))
    is_preferred = (channels["yearly"] == most) & (most > 0)
    shift = pd.DataFrame({"channel_shift__90d": (recent - yearly).abs() / 2})
    return (
        shift.groupby(channels[CUSTOMER])
        .sum(min_count=1)
        .assign(preferred_channel=channels[is_preferred].groupby(CUSTOMER)["channel"].min())
    )


def _ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part / whole.where(whole > 0)

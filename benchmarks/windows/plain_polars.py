"""Straightforward Polars: lazy, one query for each as-of date."""

from datetime import date
from pathlib import Path

import polars as pl

from benchmarks.windows.ledger import AS_OF_DATES, INTERACTIONS, answer

CUSTOMER = "customer_id"
IS_VISIT = pl.col("kind") == "visit"
IS_TROUBLE = pl.col("kind").is_in(["incident", "complaint"])
IS_SERVICE = pl.col("kind").is_in(["service_call", "incident", "complaint"])
IS_OPEN = (pl.col("kind") == "incident") & pl.col("resolved_at").is_null()

HOUR = pl.col("occurred_at").dt.hour()


def compute(folder: Path) -> None:
    """Write the family's features of every customer at every as-of date."""
    rows = pl.scan_parquet(folder / INTERACTIONS)
    found = pl.concat([_at(rows, as_of_date).collect() for as_of_date in AS_OF_DATES])
    path = answer(folder, "plain_polars")
    path.parent.mkdir(parents=True, exist_ok=True)
    found.write_parquet(path)


def _at(rows: pl.LazyFrame, as_of_date: date) -> pl.LazyFrame:
    known = _known(rows, as_of_date)
    by_customer = known.group_by(CUSTOMER).agg(**_contacts(), **_times())
    return (
        by_customer.join(_channels(known), on=CUSTOMER)
        .with_columns(
            as_of_date=pl.lit(as_of_date),
            visit_trend=_ratio(3 * pl.col("visits__30d"), pl.col("visits__90d")),
            days_between_visits=_ratio(
                pl.col("first_visit_days") - pl.col("days_since_visit"), pl.col("n_visits") - 1
            ),
        )
        .drop("first_visit_days", "n_visits")
        .sort(CUSTOMER)
    )


def _known(rows: pl.LazyFrame, as_of_date: date) -> pl.LazyFrame:
    midnight = pl.lit(as_of_date).cast(pl.Datetime("us"))
    known = rows.filter((pl.col("occurred_at") < midnight) & (pl.col("known_at") < midnight))
    return known.with_columns(
        resolved_at=pl.when(pl.col("resolved_at") < midnight).then(pl.col("resolved_at")),
        age_days=(pl.lit(as_of_date) - pl.col("occurred_at").dt.date()).dt.total_days(),
    )


def _contacts() -> dict[str, pl.Expr]:
    days_open = pl.col("resolved_at").dt.date() - pl.col("occurred_at").dt.date()
    in_year = pl.col("age_days") <= 365
    is_resolved = IS_TROUBLE & in_year & pl.col("resolved_at").is_not_null()
    return {
        **{
            f"visits__{days}d": (IS_VISIT & (pl.col("age_days") <= days)).sum()
            for days in (30, 90, 365)
        },
        "n_visits": IS_VISIT.sum().cast(pl.Int64),
        "days_since_visit": pl.col("age_days").filter(IS_VISIT).min(),
        "first_visit_days": pl.col("age_days").filter(IS_VISIT).max(),
        "incidents__90d": (IS_TROUBLE & (pl.col("age_days") <= 90)).sum(),
        "open_incident_days": pl.col("age_days").filter(IS_OPEN).max(),
        "resolution_days__365d": days_open.dt.total_days().filter(is_resolved).mean(),
        "days_since_incident": pl.col("age_days").filter(IS_TROUBLE).min(),
        "days_since_service": pl.col("age_days").filter(IS_SERVICE).min(),
    }


def _times() -> dict[str, pl.Expr]:
    in_year, in_quarter = pl.col("age_days") <= 365, pl.col("age_days") <= 90
    channel = pl.col("channel")
    return {
        "digital_share__90d": _share(channel.is_in(["web", "app"]), in_quarter),
        "store_share__365d": _share(channel == "store", in_year),
        "morning_share__365d": _share((HOUR >= 6) & (HOUR < 12), in_year),
        "evening_share__365d": _share(HOUR >= 18, in_year),
        "weekend_share__365d": _share(pl.col("occurred_at").dt.weekday() > 5, in_year),
    }


def _channels(known: pl.LazyFrame) -> pl.LazyFrame:
    channels = known.group_by(CUSTOMER, "channel").agg(
        yearly=(pl.col("age_days") <= 365).sum().cast(pl.Float64),
        recent=(pl.col("age_days") <= 90).sum().cast(pl.Float64),
    )
    yearly, recent, channel = pl.col("yearly"), pl.col("recent"), pl.col("channel")
    all_yearly, all_recent = yearly.sum(), recent.sum()
    moved = (recent / all_recent - yearly / all_yearly).abs().sum() / 2
    return channels.group_by(CUSTOMER).agg(
        preferred_channel=channel.filter((yearly == yearly.max()) & (yearly > 0)).min(),
        channel_shift__90d=pl.when(all_recent > 0).then(moved),
    )


def _share(is_part: pl.Expr, is_whole: pl.Expr) -> pl.Expr:
    return _ratio((is_part & is_whole).sum(), is_whole.sum())


def _ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)

"""Every window is [as-of date − n days, as-of date), to the second, whatever the calendar does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from pipeline.features import family
from pipeline.features.feature import Grain
from pipeline.foundation.choices import FAMILIES
from tests.features.answers import answer, compiled
from tests.ledger import Rows, table

SECOND = timedelta(seconds=1)
AS_OF_DATES = (
    "2025-03-01",  # after a month's end
    "2024-03-01",  # after a leap day
    "2024-02-29",  # on a leap day
    "2025-03-31",  # after a night that is an hour short in Europe
    "2025-10-27",  # after one that is an hour long
)


@dataclass(frozen=True)
class Case:
    """One row of a table that makes features of a family read as given, or 0 outside the window."""

    family: str
    grain: Grain
    table: str
    row: Mapping[str, object]
    moment: str
    inside: Mapping[str, float]
    """By measure: what each of its windows reads with the row inside."""


BOUGHT = {"product_id": "tv1", "kind": "acquired", "amount": "10.00"}
CANCELLED = {"product_id": "tv1", "kind": "cancelled"}
VIEWED = {"channel": "web", "kind": "product_view", "product_id": "tv1"}
SMS = {"campaign_id": "c1", "channel": "sms", "category": "tv"}
CASES = [
    Case(
        "product_history",
        "customer",
        "product_events",
        BOUGHT,
        "occurred_at",
        {
            "acquisitions": 1,
            "spend": 10.0,
            "categories": 1,
            "new_categories": 1,
            "acquisition_days": 1,
        },
    ),
    Case(
        "product_history",
        "customer",
        "product_events",
        CANCELLED,
        "occurred_at",
        {"cancellations": 1},
    ),
    Case(
        "product_history",
        "candidate",
        "product_events",
        BOUGHT,
        "occurred_at",
        {"category_acquisitions": 1, "category_spend": 10.0},
    ),
    Case(
        "channel_interactions",
        "customer",
        "interactions",
        {"channel": "store", "kind": "visit"},
        "occurred_at",
        {"visits": 1},
    ),
    Case(
        "channel_interactions",
        "customer",
        "interactions",
        {"channel": "call_centre", "kind": "incident"},
        "occurred_at",
        {"incidents": 1},
    ),
    Case(
        "digital_behaviour",
        "customer",
        "interactions",
        {"channel": "app", "kind": "login"},
        "occurred_at",
        {"active_days": 1},
    ),
    Case("digital_behaviour", "customer", "interactions", VIEWED, "occurred_at", {"views": 1}),
    Case(
        "digital_behaviour",
        "candidate",
        "interactions",
        VIEWED,
        "occurred_at",
        {"category_views": 1},
    ),
    Case("email_responses", "customer", "messages", SMS, "sent_at", {"sent": 1}),
]
KEYS = {"messages": "message_id"}


def ledger(*facts: tuple[Case, str, datetime]) -> dict[str, Rows]:
    """Return a company in which each row happens to a customer of its own, at a moment."""
    name = facts[0][0].table
    key = KEYS.get(name, "customer_id")
    rows = [
        {
            **case.row,
            "customer_id": customer,
            key: customer,
            case.moment: moment.isoformat(),
        }
        for case, customer, moment in facts
    ]
    people = [{"customer_id": row["customer_id"], "signed_up_on": "2020-01-01"} for row in rows]
    products = [{"product_id": "tv1", "category": "tv", "tier": 1, "brand": "acme"}]
    return {"customers": people, "products": products, name: rows}


def columns_of(case: Case) -> dict[str, tuple[int, float]]:
    """Return the days and the expected value of each windowed feature that a case is about."""
    found = {
        feature.name: (feature.window_days or 0, case.inside[feature.measure])
        for feature in family.load([case.family])[0].declared(case.grain)
        if feature.measure in case.inside
        and feature.name == f"{feature.measure}__{feature.window_days}d"
    }
    assert {name.split("__")[0] for name in found} == set(case.inside)
    return found


def moments_of(case: Case, day: str) -> dict[str, datetime]:
    """Return the moments around the ends of each window of a case."""
    midnight = datetime.fromisoformat(day)
    moments = {"last": midnight - SECOND, "now": midnight}
    for days, _ in columns_of(case).values():
        start = midnight - timedelta(days=days)
        moments |= {f"first{days}": start, f"early{days}": start - SECOND}
    return moments


def read(case: Case, company: Mapping[str, Rows]) -> pd.DataFrame:
    """Compute the family of a case as of every date; indexed by as-of date and customer."""
    tables = {name: table(name, rows) for name, rows in company.items()}
    dates = [date.fromisoformat(day) for day in AS_OF_DATES]
    found = compiled(case.family).compute(tables, dates)[case.family, case.grain]
    found = found.rename(columns=lambda column: column.removeprefix(f"{case.family}__"))
    return found.droplevel("category") if case.grain == "candidate" else found


def test_every_windowed_count_and_amount_is_among_the_cases() -> None:
    tested = {f"{case.family}__{name}" for case in CASES for name in columns_of(case)}
    windowed = {
        one.column(feature)
        for one in family.load(FAMILIES.names())
        for feature in one.features
        if feature.unit in {"count", "money"} and feature.name.endswith(f"__{feature.window_days}d")
    }
    means = {"digital_behaviour__duration__90d", "product_history__order_value__365d"}
    of_two_categories = {"digital_behaviour__brand_views_elsewhere__90d"}
    assert windowed - tested == means | of_two_categories


@pytest.mark.parametrize(("name", "grain"), sorted({(case.family, case.grain) for case in CASES}))
def test_a_window_opens_and_closes_at_midnight(name: str, grain: Grain) -> None:
    cases = [case for case in CASES if (case.family, case.grain) == (name, grain)]
    facts = [
        (case, f"{number}-{day}-{place}", moment)
        for number, case in enumerate(cases)
        for day in AS_OF_DATES
        for place, moment in moments_of(case, day).items()
    ]
    found = read(cases[0], ledger(*facts))
    for number, case in enumerate(cases):
        for day in AS_OF_DATES:
            seen = found.xs(date.fromisoformat(day))
            who = f"{number}-{day}"
            assert f"{who}-now" not in seen.index
            for column, (days, inside) in columns_of(case).items():
                assert seen.loc[f"{who}-last", column] == inside
                assert seen.loc[f"{who}-first{days}", column] == inside
                assert seen.loc[f"{who}-early{days}", column] == 0


@pytest.mark.parametrize(
    ("day", "night"),
    [
        ("2025-03-31", "2025-03-30 00:59:59"),
        ("2025-03-31", "2025-03-30 02:30:00"),  # a time that clocks in Madrid never showed
        ("2025-10-27", "2025-10-26 00:30:00"),
        ("2025-10-27", "2025-10-26 01:30:00"),  # both read 02:30 there
    ],
)
def test_nothing_happens_in_the_night_the_clocks_change(day: str, night: str) -> None:
    store = next(case for case in CASES if "visits" in case.inside)
    company = ledger((store, "ana", datetime.fromisoformat(night)))
    found = answer("channel_interactions", company, day, "ana")
    assert found is not None
    assert found["days_since_visit"] == 1
    assert found["evening_share__365d"] == 0.0
    assert found["weekend_share__365d"] == 1.0  # clocks change on Sundays


@pytest.mark.parametrize(
    ("moment", "is_in_season"),
    [
        ("2024-03-01 00:00:00", True),  # 365 days before, when the season to come began
        ("2024-02-29 23:59:59", False),
        ("2024-03-30 23:59:59", True),  # its thirtieth day
        ("2024-03-31 00:00:00", False),
    ],
)
def test_a_season_is_thirty_days_from_a_year_ago(moment: str, is_in_season: bool) -> None:
    company = ledger((CASES[0], "ana", datetime.fromisoformat(moment)))
    found = answer("product_history", company, "2025-03-01", "ana", category="tv")
    assert found is not None
    assert found["category_acquisitions__season"] == int(is_in_season)

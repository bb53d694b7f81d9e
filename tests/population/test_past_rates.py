from collections.abc import Mapping
from datetime import date

from pipeline.foundation.engines import Engine
from pipeline.population.dates import OutcomeWindow
from pipeline.population.past_rates import past_dates, past_rates
from tests.ledger import Rows, rows_of, seen

WINDOW = OutcomeWindow(gap_days=0, outcome_days=28)
JANUARY, FEBRUARY = date(2025, 1, 3), date(2025, 1, 31)
CUSTOMERS: Rows = [
    {"customer_id": "ana", "signed_up_on": "2024-01-01"},
    {"customer_id": "ben", "signed_up_on": "2024-01-01"},
    {"customer_id": "eve", "signed_up_on": "2025-01-15"},
]
PRODUCTS: Rows = [
    {"product_id": "tv1", "category": "tv", "tier": 1},
    {"product_id": "tv2", "category": "tv", "tier": 2},
]
EVENTS: Rows = [
    {"customer_id": "ana", "product_id": "tv1", "kind": "acquired", "occurred_at": "2025-01-10"},
    {"customer_id": "ana", "product_id": "tv2", "kind": "acquired", "occurred_at": "2025-02-10"},
    {"customer_id": "eve", "product_id": "tv1", "kind": "acquired", "occurred_at": "2025-02-11"},
]


def counted(engine: Engine) -> Mapping[tuple[str, str], tuple[int, int, str]]:
    past = seen(
        engine, ["2025-01-31"], customers=CUSTOMERS, products=PRODUCTS, product_events=EVENTS
    )
    found = past_rates(engine, past, [JANUARY, FEBRUARY], WINDOW, ["up_sell", "cross_sell"])
    return {
        (str(row["model"]), str(row["as_of_date"])[:10]): (
            int(str(row["eligible"])),
            int(str(row["outcomes"])),
            str(row["known_on"])[:10],
        )
        for row in rows_of(engine, found)
    }


def test_every_past_date_counts_who_could_be_asked_and_who_did_it(engine: Engine) -> None:
    # Ana acquires in January what she did not hold; in February she goes a tier up, and Eve, who
    # has come since, acquires. Ben is asked both times and does nothing.
    assert counted(engine) == {
        ("cross_sell", "2025-01-03"): (2, 1, "2025-01-31"),
        ("cross_sell", "2025-01-31"): (2, 1, "2025-02-28"),
        ("up_sell", "2025-01-31"): (1, 1, "2025-02-28"),
    }


def test_windows_lie_side_by_side_and_leave_the_first_quarter_alone() -> None:
    first = date(2024, 10, 1)  # 122 days before the latest: 90 are left alone, room for one step
    assert past_dates(FEBRUARY, first, WINDOW) == (JANUARY, FEBRUARY)

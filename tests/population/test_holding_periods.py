"""What is held where units count and moments coincide; worked out by hand."""

from datetime import date

import pytest

from pipeline.foundation.engines import Engine
from pipeline.population.holding_periods import keep_periods
from pipeline.population.holdings import held_before, held_products
from tests.ledger import Rows, rows_of, seen

CUSTOMERS: Rows = [{"customer_id": "ana", "signed_up_on": "2024-01-01"}]
PRODUCTS: Rows = [
    {"product_id": "line", "category": "line", "tier": 1},
    {"product_id": "tea", "category": "tea", "tier": 1, "repurchase_days": 30},
]
Event = tuple[str, str, int | None]


def held(engine: Engine, *events: Event, product: str = "line") -> bool:
    """Say whether ana holds the product on 1 March, of events told by kind, day and quantity."""
    rows = [
        {
            "customer_id": "ana",
            "product_id": product,
            "kind": kind,
            "occurred_at": at,
            "quantity": quantity,
        }
        for kind, at, quantity in events
    ]
    past = seen(engine, ["2025-03-01"], customers=CUSTOMERS, products=PRODUCTS, product_events=rows)
    found = bool(rows_of(engine, held_products(past)))
    before = rows_of(engine, held_before(past, [0]))
    assert [row["held_0"] for row in before] == [int(found)]
    return found


@pytest.mark.parametrize(
    ("back", "is_held"),
    [
        ((1,), True),
        ((1, 1), True),
        ((1, 1, 1), False),
        ((3,), False),
        ((4,), False),
        ((None,), False),
    ],
)
def test_of_three_as_many_are_held_as_did_not_come_back(
    engine: Engine, back: tuple[int | None, ...], is_held: bool
) -> None:
    returns: list[Event] = [
        ("returned", f"2025-02-1{day}", units) for day, units in enumerate(back)
    ]
    assert held(engine, ("acquired", "2025-02-01", 3), *returns) is is_held


def test_one_of_two_contracts_cancelled_leaves_the_other(engine: Engine) -> None:
    two: list[Event] = [("acquired", "2024-05-01", 1), ("acquired", "2024-09-01", 1)]
    assert held(engine, *two, ("cancelled", "2025-01-01", 1))
    assert not held(engine, *two, ("cancelled", "2025-01-01", 1), ("cancelled", "2025-01-02", 1))
    assert not held(engine, *two, ("cancelled", "2025-01-01", None))  # none said: all


def test_a_renewal_told_by_its_day_alone_is_held(engine: Engine) -> None:
    start: Event = ("acquired", "2024-02-01", None)
    renewal: list[Event] = [("cancelled", "2025-02-01", None), ("acquired", "2025-02-01", None)]
    assert held(engine, start, *renewal)
    assert held(engine, start, *reversed(renewal))
    assert not held(engine, start, *renewal, ("cancelled", "2025-02-20", None))


@pytest.mark.parametrize("kind", ["returned", "cancelled"])
def test_what_is_bought_and_given_up_on_one_day_is_not_held(engine: Engine, kind: str) -> None:
    assert not held(engine, (kind, "2025-02-01", None), ("acquired", "2025-02-01", None))


def test_a_return_of_what_was_bought_before_the_data_takes_nothing_of_what_follows(
    engine: Engine,
) -> None:
    assert held(engine, ("returned", "2024-02-01", 2), ("acquired", "2024-03-01", 1))


def test_a_consumable_that_came_back_leaves_the_one_before_until_it_runs_out(
    engine: Engine,
) -> None:
    tea: list[Event] = [("acquired", "2025-02-10", None), ("acquired", "2025-02-20", None)]
    assert held(engine, *tea, ("returned", "2025-02-21", None), product="tea")
    old: Event = ("acquired", "2025-01-10", None)
    assert not held(engine, old, tea[1], ("returned", "2025-02-21", None), product="tea")


def test_what_ended_in_secret_is_held_until_it_is_known(engine: Engine) -> None:
    at = {"customer_id": "ana", "product_id": "line"}
    rows: Rows = [
        {**at, "kind": "acquired", "occurred_at": "2024-05-01"},
        {**at, "kind": "cancelled", "occurred_at": "2025-02-10", "known_at": "2025-03-05"},
        {**at, "kind": "acquired", "occurred_at": "2025-04-10"},
    ]
    days = ["2025-02-01", "2025-03-01", "2025-04-01", "2025-05-01"]
    past = seen(engine, days, customers=CUSTOMERS, products=PRODUCTS, product_events=rows)
    kept = keep_periods(engine, past.at(engine, ())).at(engine, [*map(date.fromisoformat, days)])
    for one in (past, kept):  # the periods found at the look, and once before any date was named
        held = {
            str(row["as_of_date"]): row["held_days"] for row in rows_of(engine, held_products(one))
        }
        assert held == {"2025-02-01": 276, "2025-03-01": 304, "2025-05-01": 365}
    before = rows_of(engine, held_before(past, [0, 60]))
    assert [(row["held_0"], row["held_60"]) for row in before] == [(1, 1), (1, 1), (0, 1), (1, 0)]

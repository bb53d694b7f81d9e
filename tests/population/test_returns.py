"""Purchases net of returns, in units and money, as known at a date; worked out by hand."""

import pytest

from pipeline.foundation.engines import Engine
from pipeline.population.returns import (
    is_kept,
    kept_acquisitions,
    net_of_returns,
    paid_and_refunded,
)
from tests.ledger import Rows, rows_of, seen

CUSTOMERS: Rows = [{"customer_id": "ana", "signed_up_on": "2024-01-01"}]
PRODUCTS: Rows = [
    {"product_id": "mug", "category": "mug", "tier": 1},
    {"product_id": "pot", "category": "pot", "tier": 1},
]
DAY = "2025-03-01"


def event(kind: str, at: str, **more: object) -> dict[str, object]:
    row = {"customer_id": "ana", "product_id": "mug", "kind": kind, "occurred_at": at}
    return {**row, **more}


def bought(at: str, **more: object) -> dict[str, object]:
    return event("acquired", at, **more)


def returned(at: str, **more: object) -> dict[str, object]:
    return event("returned", at, **more)


def net(engine: Engine, *events: dict[str, object], day: str = DAY) -> tuple[list[str], int]:
    """Return the days of what was kept, and the cents spent."""
    past = seen(engine, [day], customers=CUSTOMERS, products=PRODUCTS, product_events=list(events))
    kept = [str(row["occurred_at"])[:10] for row in rows_of(engine, kept_acquisitions(past))]
    money = rows_of(engine, paid_and_refunded(net_of_returns(past).known("product_events")))
    return sorted(kept), sum(int(str(row["net_cents"] or 0)) for row in money)


def test_who_bought_for_77_183_60_and_returned_it_all_spent_nothing(engine: Engine) -> None:
    purchase = bought("2025-01-18 10:01", quantity=74215, amount="77183.60")
    back = returned("2025-01-18 10:17", quantity=74215, amount="77183.60")
    assert net(engine, purchase) == (["2025-01-18"], 7_718_360)
    assert net(engine, purchase, back) == ([], 0)
    assert net(engine, purchase, back, day="2025-01-18") == ([], 0)  # nothing is known yet
    assert net(engine, purchase, {**back, "known_at": DAY}) == (["2025-01-18"], 7_718_360)


@pytest.mark.parametrize(
    ("back", "kept", "cents"),
    [
        ({"quantity": 1}, 1, 2000),
        ({"quantity": 3}, 0, 0),
        ({}, 0, 0),  # none said: all of it
        ({"quantity": 1, "amount": "8.00"}, 1, 2200),  # two are kept for a fee
        ({"quantity": 5}, 0, -2000),  # more than was bought
    ],
)
def test_one_of_three_returned_leaves_two(
    engine: Engine, back: dict[str, object], kept: int, cents: int
) -> None:
    purchase = bought("2025-02-01", quantity=3, amount="30.00")
    days, spent = net(engine, purchase, returned("2025-02-09", **back))
    assert (len(days), spent) == (kept, cents)


def test_three_returned_one_by_one_leave_nothing(engine: Engine) -> None:
    purchase = bought("2025-02-01", quantity=3, amount="30.00")
    back = [returned(f"2025-02-0{day}", quantity=1) for day in (3, 4, 5)]
    assert net(engine, purchase, *back[:2]) == (["2025-02-01"], 1000)
    assert net(engine, purchase, *back) == ([], 0)


def test_a_return_takes_back_the_last_acquisition_before_it(engine: Engine) -> None:
    first, second = bought("2025-01-01", amount="10.00"), bought("2025-02-01", amount="12.00")
    third = bought("2025-02-20", amount="14.00")
    back = returned("2025-02-09")
    assert net(engine, first, second, back, third) == (["2025-01-01", "2025-02-20"], 2400)
    two = returned("2025-02-09", quantity=2, amount="22.00")
    assert net(engine, first, second, two, third) == (["2025-02-20"], 1400)


def test_a_return_that_names_its_order_takes_back_that_order(engine: Engine) -> None:
    first = bought("2025-01-01", amount="10.00", order_id="o1")
    second = bought("2025-02-01", amount="12.00", order_id="o2")
    assert net(engine, first, second, returned("2025-02-09", order_id="o1")) == (
        ["2025-02-01"],
        1200,
    )
    assert net(engine, first, second, returned("2025-02-09", order_id="r7")) == (
        ["2025-01-01"],
        1000,
    )


def test_a_purchase_and_its_return_at_one_moment_leave_nothing(engine: Engine) -> None:
    assert net(engine, returned("2025-02-01"), bought("2025-02-01", amount="9.00")) == ([], 0)


def test_a_return_of_what_was_never_acquired_counts_on_its_own_day(engine: Engine) -> None:
    later = bought("2025-02-01", amount="10.00")
    back = returned("2025-01-15", amount="4.00")
    assert net(engine, back, later) == (["2025-02-01"], 600)
    assert net(engine, returned("2025-01-15"), later) == (["2025-02-01"], 1000)


def test_a_cancellation_gives_no_money_back(engine: Engine) -> None:
    over = event("cancelled", "2025-02-09")
    assert net(engine, bought("2025-02-01", amount="10.00"), over) == (["2025-02-01"], 1000)


def test_a_refund_is_taken_off_the_days_on_which_its_product_was_bought(engine: Engine) -> None:
    events = [bought("2025-01-01", amount="10.00"), returned("2025-02-27")]
    past = seen(engine, [DAY], customers=CUSTOMERS, products=PRODUCTS, product_events=events)
    money = rows_of(engine, paid_and_refunded(net_of_returns(past).known("product_events")))
    assert {row["bought_days_ago"] for row in money} == {59}


def test_what_was_kept_is_told_date_by_date(engine: Engine) -> None:
    events = [bought("2025-02-01", amount="10.00"), returned("2025-02-09")]
    dates = ["2025-02-09", "2025-02-10"]
    past = seen(engine, dates, customers=CUSTOMERS, products=PRODUCTS, product_events=events)
    rows = net_of_returns(past).known("product_events")
    rows = rows.filter(rows.kind == "acquired")
    found = rows_of(engine, rows.select("as_of_date", kept=is_kept(rows)))
    assert [row["kept"] for row in found] == [True, False]

from datetime import date

import pytest

from pipeline.foundation.engines import Engine
from pipeline.population.dates import OutcomeWindow, Snapshot
from pipeline.population.holdings import available_categories, held_categories, held_products
from pipeline.population.outcomes import acquired_tiers
from pipeline.population.questions import candidate_grid, label_candidates, outcome_counts
from pipeline.population.states import candidate_states
from tests.ledger import Rows, rows_of, seen

DAY = date(2025, 1, 31)
WINDOW = OutcomeWindow(gap_days=0, outcome_days=28)
CUSTOMERS: Rows = [
    {"customer_id": "ana", "signed_up_on": "2024-01-01"},
    {"customer_id": "ben", "signed_up_on": "2024-01-01"},
    {"customer_id": "eve", "signed_up_on": "2025-01-31"},
]
PRODUCTS: Rows = [
    {"product_id": "tv1", "category": "tv", "tier": 1},
    {"product_id": "tv2", "category": "tv", "tier": 2},
    {"product_id": "tea", "category": "tea", "tier": 1, "repurchase_days": 30},
    {"product_id": "old", "category": "fax", "tier": 1, "retired_on": "2025-01-31"},
    {"product_id": "new", "category": "tv", "tier": 3, "launched_on": "2025-02-01"},
]


def event(
    customer: str, product: str, moment: str, kind: str = "acquired", **more: str
) -> dict[str, object]:
    return {
        "customer_id": customer,
        "product_id": product,
        "kind": kind,
        "occurred_at": moment,
        **more,
    }


def answers(
    engine: Engine, model: str, events: Rows
) -> dict[tuple[str, str], tuple[bool, int, int | None]]:
    past = seen(
        engine, [DAY.isoformat()], customers=CUSTOMERS, products=PRODUCTS, product_events=events
    )
    asked = label_candidates(
        candidate_grid(past, past.customers, held_products(past), WINDOW),
        "up_sell" if model == "up_sell" else "cross_sell",
        [Snapshot(DAY, "test")],
        ["tv", "tea", "fax"],
    )
    return {
        (str(row["customer_id"]), str(row["category"])): (
            bool(row["is_eligible"]),
            int(str(row["label"])),
            None if row["held_tier"] is None else int(str(row["held_tier"])),
        )
        for row in rows_of(engine, asked)
    }


def test_a_customer_who_holds_nothing_of_a_category_is_asked_the_cross_sell_question(
    engine: Engine,
) -> None:
    found = answers(engine, "cross_sell", [event("ana", "tv1", "2025-02-03")])
    assert found["ana", "tv"] == (True, 1, None)
    assert found["ben", "tv"] == (True, 0, None)


def test_a_customer_who_holds_the_category_is_not_eligible_for_cross_sell(engine: Engine) -> None:
    found = answers(engine, "cross_sell", [event("ana", "tv1", "2024-05-03")])
    assert found["ana", "tv"] == (False, 0, 1)


def test_a_customer_below_the_top_tier_is_asked_the_up_sell_question(engine: Engine) -> None:
    found = answers(
        engine, "up_sell", [event("ana", "tv1", "2024-05-03"), event("ana", "tv2", "2025-02-03")]
    )
    assert found["ana", "tv"] == (True, 1, 1)
    assert found["ben", "tv"] == (False, 0, None)


def test_the_same_tier_again_is_no_up_sell(engine: Engine) -> None:
    found = answers(
        engine, "up_sell", [event("ana", "tv1", "2024-05-03"), event("ana", "tv1", "2025-02-03")]
    )
    assert found["ana", "tv"] == (True, 0, 1)


def test_a_tier_that_is_launched_after_the_as_of_date_is_not_the_top_yet(engine: Engine) -> None:
    found = answers(engine, "up_sell", [event("ana", "tv2", "2024-05-03")])
    assert found["ana", "tv"] == (False, 0, 2)


def test_a_retired_product_and_an_unknown_customer_are_not_asked_about(engine: Engine) -> None:
    found = answers(engine, "cross_sell", [event("ana", "old", "2024-05-03")])
    assert {category for _, category in found} == {"tv", "tea"}
    assert {customer for customer, _ in found} == {"ana", "ben"}


@pytest.mark.parametrize("ending", ["cancelled", "returned"])
def test_a_cancelled_or_returned_product_is_not_held(engine: Engine, ending: str) -> None:
    events = [event("ana", "tv1", "2024-05-03"), event("ana", "tv1", "2024-06-01", ending)]
    assert answers(engine, "cross_sell", events)["ana", "tv"] == (True, 0, None)


def test_a_product_acquired_again_after_its_cancellation_is_held(engine: Engine) -> None:
    events = [
        event("ana", "tv1", "2024-05-03"),
        event("ana", "tv1", "2024-06-01", "cancelled"),
        event("ana", "tv1", "2024-07-01"),
    ]
    assert answers(engine, "cross_sell", events)["ana", "tv"] == (False, 0, 1)


@pytest.mark.parametrize(
    ("moment", "is_held"),
    [("2025-01-01 00:00:01", True), ("2025-01-01 00:00:00", False), ("2024-12-31 23:59:59", False)],
)
def test_a_consumable_is_held_until_its_repurchase_days_run_out(
    engine: Engine, moment: str, is_held: bool
) -> None:
    found = answers(engine, "cross_sell", [event("ana", "tea", moment)])
    assert found["ana", "tea"][0] is not is_held


@pytest.mark.parametrize(
    ("moment", "label"),
    [
        ("2025-01-30 23:59:59", 0),
        ("2025-01-31 00:00:00", 1),
        ("2025-02-27 23:59:59", 1),
        ("2025-02-28 00:00:00", 0),
    ],
)
def test_the_outcome_window_is_half_open(engine: Engine, moment: str, label: int) -> None:
    assert answers(engine, "cross_sell", [event("ana", "tv1", moment)])["ana", "tv"][1] == label


def test_an_acquisition_the_company_learns_of_later_is_not_held_yet(engine: Engine) -> None:
    late = event("ana", "tv1", "2025-01-20", known_at="2025-02-01")
    assert answers(engine, "cross_sell", [late])["ana", "tv"] == (True, 0, None)


def test_counts_need_no_row_of_each_customer(engine: Engine) -> None:
    # Ana goes a tier up. Ben buys what he did not hold; so does whoever signs up on the day itself,
    # whom nobody knew before it.
    events = [
        event("ana", "tv1", "2025-01-10"),
        event("ana", "tv2", "2025-02-10"),
        event("ben", "tv1", "2025-02-11"),
        event("eve", "tv1", "2025-02-11"),
    ]
    past = seen(
        engine, [DAY.isoformat()], customers=CUSTOMERS, products=PRODUCTS, product_events=events
    )
    states = candidate_states(
        past.customers,
        held_categories(held_products(past)),
        acquired_tiers(past, WINDOW),
        available_categories(past),
    )
    found = {
        (model, str(row["category"])): (row["rows"], row["eligible"], row["positives"])
        for model in ("up_sell", "cross_sell")
        for row in rows_of(
            engine, outcome_counts(states, model, [Snapshot(DAY, "test")], ["tv", "tea"])
        )
    }
    assert found == {
        ("up_sell", "tv"): (2, 1, 1),
        ("up_sell", "tea"): (2, 0, 0),
        ("cross_sell", "tv"): (2, 1, 1),
        ("cross_sell", "tea"): (2, 2, 0),
    }


def test_what_lies_ahead_of_scoring_is_no_outcome(engine: Engine) -> None:
    events = [event("ben", "tv1", "2025-02-11")]
    past = seen(
        engine, [DAY.isoformat()], customers=CUSTOMERS, products=PRODUCTS, product_events=events
    )
    held = held_categories(held_products(past))
    offered = available_categories(past)
    states = candidate_states(past.customers, held, acquired_tiers(past, WINDOW), offered)
    counted = outcome_counts(states, "cross_sell", [Snapshot(DAY, "scoring")], ["tv"])
    (row,) = rows_of(engine, counted)
    assert (row["eligible"], row["positives"]) == (2, 0)

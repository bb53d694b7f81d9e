"""Acquisitions, cancellations and returns, worked out by hand as of 1 March 2025.

The windows start on 22 February (7 days), 30 January (30), 1 December (90), 1 March 2024 (365).
"""

import pytest

from tests.features.answers import answer, with_row
from tests.ledger import Rows

DAY = "2025-03-01"


def event(product: str, kind: str, at: str, **more: object) -> dict[str, object]:
    row = {"customer_id": "ana", "product_id": product, "kind": kind, "occurred_at": at}
    return {**row, **more}


LEDGER: dict[str, Rows] = {
    "customers": [
        {"customer_id": "ana", "signed_up_on": "2023-01-01"},
        {"customer_id": "ben", "signed_up_on": "2023-01-01"},
    ],
    "products": [
        {"product_id": "tv1", "category": "tv", "tier": 1, "brand": "acme"},
        {"product_id": "tv2", "category": "tv", "tier": 2, "brand": "best"},
        {"product_id": "tv3", "category": "tv", "tier": 3},
        {
            "product_id": "cof",
            "category": "coffee",
            "tier": 1,
            "brand": "alba",
            "repurchase_days": 30,
        },
        {"product_id": "mug", "category": "mug", "tier": 1},
    ],
    "product_events": [
        event("mug", "acquired", "2024-02-20 10:00", amount="8.00"),  # 375 days before
        event("tv1", "acquired", "2024-03-10 10:00", amount="100.00"),  # 356
        event("cof", "acquired", "2024-12-01 00:00", amount="10.00", discount="2.00"),  # 90
        event("mug", "returned", "2024-12-31 10:00"),  # 60
        event("cof", "acquired", "2025-01-10 12:00", amount="10.00"),  # 50
        event("cof", "acquired", "2025-02-20 09:00", amount="20.00"),  # 9
        event("tv2", "acquired", "2025-02-25 08:00", amount="200.00", discount="50.00"),  # 4
        event("tv1", "cancelled", "2025-02-25 08:05"),  # 4
    ],
}


def test_a_customer_with_a_ledger() -> None:
    assert answer("product_history", LEDGER, DAY, "ana") == pytest.approx(
        {
            "acquisitions__7d": 1,  # tv2
            "acquisitions__90d": 4,  # coffee twice
            "acquisitions__365d": 5,  # tv1
            "spend__30d": 220.0,
            "spend__90d": 240.0,
            "spend__365d": 340.0,
            "acquisition_trend": 1.5,  # 3 × 2 ÷ 4
            "cancellations__365d": 1,
            "returned_share__365d": 0.2,  # 1 ÷ 5
            "discount_share__365d": 52 / 392,
            "days_since_acquisition": 4,
            "days_since_cancellation": 4,
            "days_between_acquisitions": 74.2,  # (375 − 4) ÷ 5 gaps
            "order_value__365d": 68.0,  # 340 ÷ 5
            "categories__90d": 2,
            "mean_tier__365d": 1.2,  # (1 + 1 + 1 + 1 + 2) ÷ 5
            "held_categories": 2,  # tv2 and coffee; tv1 is cancelled, the mug returned
            "held_products": 2,
            "held_products__30d_ago": 2,  # tv1 and coffee, which the next one ended 9 days ago
            # tv1 and the mug, given back at ten o'clock; coffee ran out at that midnight
            "held_products__60d_ago": 2,
            "held_products__90d_ago": 2,  # tv1 and the mug; coffee came at that midnight
            "held_products__150d_ago": 2,
            "held_products__180d_ago": 2,
            "held_products__360d_ago": 1,  # the mug
            "days_since_first_acquisition": 375,
            "days_since_second_last_acquisition": 9,
            "days_since_second_last_cancellation": None,
            "acquisition_overdue": 4 / 74.2,
            # Gaps of 19, 266, 40, 41 and 5 days: their sum is 371, that of their squares 74,423.
            "gap_variation": (5 * 74_423 - 371**2) ** 0.5 / 371,
            "acquisition_intensity": 2.164,  # 0.125 + 0.315 + 0.812 + 0.912; 0 of a year ago
            "acquisition_days__90d": 4,
            "spend_to_mean__90d": 1.0,  # nobody else ever bought
            "spend_to_own_past__90d": (240 / 90) / (340 / 365),
            "discounted_share__365d": 2 / 5,
            "brand_repeat_share": 2 / 3,  # coffee twice; the second tv is of another brand
            "upgrades": 1,
            "downgrades": 0,
            "tier_place__365d": 0.25,  # tv1 at 0 and tv2 at 1/2; one tier has no place
            "new_categories__90d": 1,  # coffee
            "top_category__365d": "coffee",
            "top_category_share__365d": 3 / 5,
        }
    )


def test_a_category_that_is_held() -> None:
    assert answer("product_history", LEDGER, DAY, "ana", category="tv") == pytest.approx(
        {
            "days_since_category_acquisition": 4,
            "days_since_category_cancellation": 4,
            "category_acquisitions": 2,
            "days_between_category_acquisitions": 352.0,  # 356 − 4
            "category_overdue": 4 / 352,
            "category_share": 2 / 5,  # the mug came back
            "category_acquisitions__season": 1,
            "category_highest_tier": 2,
            "category_held_tier": 2,
            "category_steps_to_top": 1,  # tier 3 is on offer
            "category_held_days": 4,
            "category_acquisitions__365d": 2,
            "category_spend__365d": 300.0,
            "days_since_second_last_category_acquisition": 356,
            "category_gap_variation": None,  # one gap does not vary
            "category_overdue_typical": 4 / 352,  # hers is the only gap
            "days_since_category_ran_out": None,
            "days_until_category_runs_out": None,
            "category_intensity": 0.912,
            "category_trend": 3.0,
            "category_brand_repeat_share": 0.0,
            "category_day_share__365d": 2 / 5,
            "category_spend_share__365d": 300 / 340,
            "category_price_level__365d": 1.0,
        }
    )


def test_a_category_that_was_given_back() -> None:
    assert answer("product_history", LEDGER, DAY, "ana", category="mug") == pytest.approx(
        {
            "days_since_category_acquisition": 375,
            "days_since_category_cancellation": 60,
            "category_acquisitions": 0,
            "days_between_category_acquisitions": None,  # a single day has no gap
            "category_overdue": None,
            "category_share": 0.0,
            "category_acquisitions__season": 0,
            "category_highest_tier": None,
            "category_held_tier": None,
            "category_steps_to_top": None,
            "category_held_days": None,
            "category_acquisitions__365d": 0,
            "category_spend__365d": 0.0,
            "days_since_second_last_category_acquisition": None,
            "category_gap_variation": None,
            "category_overdue_typical": None,
            "days_since_category_ran_out": None,
            "days_until_category_runs_out": None,
            "category_intensity": 0.0,
            "category_trend": None,
            "category_brand_repeat_share": None,
            "category_day_share__365d": 0.0,
            "category_spend_share__365d": 0.0,
            "category_price_level__365d": None,
        }
    )


def test_a_category_that_is_bought_again_and_again() -> None:
    found = answer("product_history", LEDGER, DAY, "ana", category="coffee")
    assert found is not None
    assert found["days_since_second_last_category_acquisition"] == 50
    assert found["category_gap_variation"] == pytest.approx(1 / 81)  # gaps of 40 and 41 days
    assert found["category_overdue_typical"] == pytest.approx(9 / 40.5)
    assert found["category_intensity"] == pytest.approx(1.252)  # 0.125 + 0.315 + 0.812
    assert found["category_trend"] == 1.0  # 3 × 1 ÷ 3
    assert found["category_brand_repeat_share"] == 1.0
    assert found["category_day_share__365d"] == 3 / 5


@pytest.mark.parametrize(
    ("day", "until", "since"),
    [
        (DAY, 21, None),  # bought 9 days ago, for 30 days
        ("2025-03-22", 0, None),
        ("2025-03-23", None, 1),
        ("2025-04-15", None, 24),
    ],
)
def test_what_was_bought_for_some_days_runs_out(
    day: str, until: int | None, since: int | None
) -> None:
    found = answer("product_history", LEDGER, day, "ana", category="coffee")
    assert found is not None
    assert found["days_until_category_runs_out"] == until
    assert found["days_since_category_ran_out"] == since


def test_what_was_given_up_does_not_run_out() -> None:
    ledger = with_row(LEDGER, "product_events", event("cof", "returned", "2025-02-21"))
    found = answer("product_history", ledger, DAY, "ana", category="coffee")
    assert found is not None
    assert found["days_until_category_runs_out"] is None
    assert found["days_since_category_ran_out"] == 20  # that of 50 days ago, for 30 days


def test_a_customer_beside_all_others() -> None:
    bought = event("cof", "acquired", "2025-02-01", amount="60.00", customer_id="ben")
    ledger = with_row(LEDGER, "product_events", bought)
    of_ben = answer("product_history", ledger, DAY, "ben")
    of_coffee = answer("product_history", ledger, DAY, "ben", category="coffee")
    assert of_ben is not None
    assert of_coffee is not None
    assert of_ben["spend_to_mean__90d"] == pytest.approx(60 / 150)  # the mean of 240 and 60
    assert of_coffee["category_price_level__365d"] == pytest.approx(60 / 25)  # 100 for four


def test_a_tier_given_up_for_a_lower_one_is_a_downgrade() -> None:
    ledger = with_row(LEDGER, "product_events", event("tv1", "acquired", "2025-02-27"))
    found = answer("product_history", ledger, DAY, "ana")
    assert found is not None
    assert (found["upgrades"], found["downgrades"]) == (1, 1)


def test_a_second_cancellation_leaves_the_first_to_be_seen() -> None:
    ledger = with_row(LEDGER, "product_events", event("tv2", "cancelled", "2025-02-27"))
    found = answer("product_history", ledger, DAY, "ana")
    assert found is not None
    assert found["days_since_cancellation"] == 2
    assert found["days_since_second_last_cancellation"] == 4


def test_a_customer_without_events_has_no_row() -> None:
    assert answer("product_history", LEDGER, DAY, "ben") is None
    assert answer("product_history", LEDGER, DAY, "ben", category="tv") is None


@pytest.mark.parametrize("category", [None, "coffee"])
def test_an_event_that_came_late_changes_nothing(category: str | None) -> None:
    before = answer("product_history", LEDGER, DAY, "ana", category=category)
    bought = event("cof", "acquired", "2025-02-27 10:00", amount="5.00")
    late = with_row(LEDGER, "product_events", bought, known_at=DAY)
    in_time = with_row(LEDGER, "product_events", bought, known_at="2025-02-28 23:59:59")
    assert answer("product_history", late, DAY, "ana", category=category) == before
    assert answer("product_history", in_time, DAY, "ana", category=category) != before


LAGS = (30, 60, 90, 150, 180)
HELD_SINCE = event("tv1", "acquired", "2024-10-01 10:00")  # 151 days before
GIVEN_UP = event("tv1", "cancelled", "2025-01-15 10:00")  # 45 days before


@pytest.mark.parametrize(
    ("events", "held"),
    [
        ([HELD_SINCE], [1, 1, 1, 1, 0]),
        ([HELD_SINCE, {**GIVEN_UP, "known_at": "2025-02-28 23:59:59"}], [0, 1, 1, 1, 0]),
        ([HELD_SINCE, {**GIVEN_UP, "known_at": DAY}], [1, 1, 1, 1, 0]),
        ([{**HELD_SINCE, "known_at": DAY}], None),
        ([{**HELD_SINCE, "known_at": "2025-02-20"}], [1, 1, 1, 1, 0]),
        # Acquired again before, of which the company learnt only after the second time.
        (
            [
                HELD_SINCE,
                event("tv1", "acquired", "2024-09-01 10:00", known_at="2025-02-01"),  # 181
            ],
            [1, 1, 1, 1, 1],
        ),
    ],
    ids=["plain", "learnt-in-time", "learnt-late", "bought-late", "bought-in-time", "out-of-order"],
)
def test_what_was_held_months_ago_is_told_by_what_is_known_now(
    events: list[dict[str, object]], held: list[int] | None
) -> None:
    ledger = {**LEDGER, "product_events": events}
    found = answer("product_history", ledger, DAY, "ana")
    if held is None:
        assert found is None
    else:
        assert found is not None
        assert [found[f"held_products__{days}d_ago"] for days in LAGS] == held


@pytest.mark.parametrize(
    ("events", "held"),
    [
        (
            [
                event("tv1", "acquired", "2024-08-01"),
                HELD_SINCE,
                event("tv1", "cancelled", "2024-09-01 10:00", known_at="2024-11-01"),
            ],
            [1, 1, 1, 1, 0],
        ),
        (
            [
                {**HELD_SINCE, "known_at": "2025-02-20"},
                event("tv1", "returned", "2024-12-31 10:00"),
            ],
            [0, 1, 1, 1, 0],
        ),
    ],
    ids=["cancellation-learnt-after-a-later-purchase", "purchase-learnt-after-its-return"],
)
def test_facts_that_crossed_on_their_way_are_put_in_order(
    events: list[dict[str, object]], held: list[int]
) -> None:
    found = answer("product_history", {**LEDGER, "product_events": events}, DAY, "ana")
    assert found is not None
    assert [found[f"held_products__{days}d_ago"] for days in LAGS] == held


def test_who_bought_for_77_183_60_and_returned_it_all_has_spent_and_acquired_nothing() -> None:
    purchase = event("mug", "acquired", "2025-01-18 10:01", quantity=74215, amount="77183.60")
    back = event("mug", "returned", "2025-01-18 10:17", quantity=74215, amount="77183.60")
    ledger = {**LEDGER, "product_events": [purchase, back]}
    found = answer("product_history", ledger, DAY, "ana")
    assert found is not None
    assert [found[f"spend__{days}d"] for days in (30, 90, 365)] == [0.0, 0.0, 0.0]
    assert found["acquisitions__365d"] == 0
    assert found["top_category__365d"] is None
    assert found["returned_share__365d"] == 1.0
    before = answer("product_history", ledger, "2025-01-19", "ana")
    late = {**ledger, "product_events": [purchase, {**back, "known_at": DAY}]}
    unknown = answer("product_history", late, DAY, "ana")
    assert before is not None
    assert unknown is not None
    assert (before["spend__90d"], unknown["spend__90d"]) == (0.0, 77183.60)


def test_a_refund_is_taken_off_the_window_in_which_its_product_was_bought() -> None:
    events = [
        event("mug", "acquired", "2025-01-10", quantity=3, amount="30.00"),  # 50 days before
        event("cof", "acquired", "2025-02-20", amount="5.00"),  # 9
        event("mug", "returned", "2025-02-25", quantity=1),  # 4, of what was bought 50 days before
    ]
    found = answer("product_history", {**LEDGER, "product_events": events}, DAY, "ana")
    assert found is not None
    assert (found["spend__30d"], found["spend__90d"]) == (5.0, 25.0)
    assert found["acquisitions__90d"] == 2  # two of the three mugs are kept
    assert found["order_value__365d"] == 12.5
    assert found["returned_share__365d"] == pytest.approx(0.333 / 2)
    assert found["held_categories"] == 2

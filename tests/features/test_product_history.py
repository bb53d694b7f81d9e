"""Acquisitions, cancellations and returns, worked out by hand as of 1 March 2025.

The windows start on 22 February (7 days), 30 January (30), 1 December (90), 1 March 2024 (365).
"""

import pytest

from pipeline.engines import Engine
from tests.features.views import answer, with_row
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
        {"product_id": "tv1", "category": "tv", "tier": 1},
        {"product_id": "tv2", "category": "tv", "tier": 2},
        {"product_id": "tv3", "category": "tv", "tier": 3},
        {"product_id": "cof", "category": "coffee", "tier": 1, "repurchase_days": 30},
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


def test_a_customer_with_a_ledger(engine: Engine) -> None:
    assert answer(engine, "product_history", LEDGER, DAY, "ana") == pytest.approx(
        {
            "acquisitions__7d": 1,  # tv2
            "acquisitions__30d": 2,  # coffee
            "acquisitions__90d": 4,  # coffee twice
            "acquisitions__365d": 5,  # tv1
            "spend__30d": 220.0,
            "spend__90d": 240.0,
            "spend__365d": 340.0,
            "acquisitions__season": 1,  # tv1; the mug came 375 days ago
            "acquisition_trend": 1.5,  # 3 × 2 ÷ 4
            "cancellations__90d": 1,
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
        }
    )


def test_a_category_that_is_held(engine: Engine) -> None:
    assert answer(engine, "product_history", LEDGER, DAY, "ana", category="tv") == pytest.approx(
        {
            "days_since_category_acquisition": 4,
            "days_since_category_cancellation": 4,
            "category_acquisitions": 2,
            "days_between_category_acquisitions": 352.0,  # 356 − 4
            "category_overdue": 4 / 352,
            "category_share": 2 / 6,
            "category_acquisitions__season": 1,
            "category_highest_tier": 2,
            "category_held_tier": 2,
            "category_steps_to_top": 1,  # tier 3 is on offer
            "category_held_days": 4,
            "category_acquisitions__30d": 1,
            "category_acquisitions__90d": 1,
            "category_acquisitions__365d": 2,
            "category_spend__365d": 300.0,
        }
    )


def test_a_category_that_was_given_back(engine: Engine) -> None:
    assert answer(engine, "product_history", LEDGER, DAY, "ana", category="mug") == pytest.approx(
        {
            "days_since_category_acquisition": 375,
            "days_since_category_cancellation": 60,
            "category_acquisitions": 1,
            "days_between_category_acquisitions": None,  # a single day has no gap
            "category_overdue": None,
            "category_share": 1 / 6,
            "category_acquisitions__season": 0,
            "category_highest_tier": 1,
            "category_held_tier": None,
            "category_steps_to_top": None,
            "category_held_days": None,
            "category_acquisitions__30d": 0,
            "category_acquisitions__90d": 0,
            "category_acquisitions__365d": 0,
            "category_spend__365d": 0.0,
        }
    )


def test_a_customer_without_events_has_no_row(engine: Engine) -> None:
    assert answer(engine, "product_history", LEDGER, DAY, "ben") is None
    assert answer(engine, "product_history", LEDGER, DAY, "ben", category="tv") is None


@pytest.mark.parametrize("category", [None, "coffee"])
def test_an_event_that_came_late_changes_nothing(engine: Engine, category: str | None) -> None:
    before = answer(engine, "product_history", LEDGER, DAY, "ana", category=category)
    bought = event("cof", "acquired", "2025-02-27 10:00", amount="5.00")
    late = with_row(LEDGER, "product_events", bought, known_at=DAY)
    in_time = with_row(LEDGER, "product_events", bought, known_at="2025-02-28 23:59:59")
    assert answer(engine, "product_history", late, DAY, "ana", category=category) == before
    assert answer(engine, "product_history", in_time, DAY, "ana", category=category) != before

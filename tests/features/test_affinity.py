"""What goes with what is held, worked out by hand as of 1 March 2025.

Held: coffee by ana, ben and cid; tv by ben, cid and dan; the mug by ana. Two of four hold both
coffee and tv, so coffee → tv has support 2/4, confidence 2/3 and lift 2/3 ÷ 3/4 = 8/9.
"""

import pytest

from pipeline.engines import Engine
from pipeline.features import affinity
from tests.features.views import answer, with_row
from tests.ledger import Rows

DAY = "2025-03-01"


def bought(customer: str, product: str, at: str, **more: object) -> dict[str, object]:
    row = {"customer_id": customer, "product_id": product, "kind": "acquired"}
    return {**row, "occurred_at": at, **more}


LEDGER: dict[str, Rows] = {
    "customers": [
        {"customer_id": name, "signed_up_on": "2023-01-01"} for name in ("ana", "ben", "cid", "dan")
    ],
    "products": [
        {
            "product_id": "tv1",
            "category": "tv",
            "tier": 1,
            "price": "300.00",
            "launched_on": "2024-09-12",
        },
        {
            "product_id": "tv2",
            "category": "tv",
            "tier": 2,
            "price": "150.50",
            "launched_on": "2025-02-01",
        },
        # Launched the day after: neither its price nor its novelty is known.
        {
            "product_id": "tv3",
            "category": "tv",
            "tier": 3,
            "price": "1.00",
            "launched_on": "2025-03-02",
        },
        {"product_id": "cof", "category": "coffee", "tier": 1, "price": "5.00"},
        {"product_id": "mug", "category": "mug", "tier": 1},
    ],
    "product_events": [
        bought("cid", "tv1", "2024-03-10"),  # 356 days before: in the season
        bought("cid", "cof", "2024-12-15"),  # 76
        bought("dan", "tv1", "2025-01-10"),  # 50
        bought("ana", "mug", "2025-02-01", amount="30.00"),  # 28
        bought("ben", "cof", "2025-02-10"),  # 19
        bought("ben", "tv1", "2025-02-10"),  # 19
        bought("ana", "cof", "2025-02-20", amount="10.00"),  # 9
    ],
}


@pytest.fixture(autouse=True)
def _two_customers_make_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(affinity, "MIN_SUPPORT_CUSTOMERS", 2)


def test_a_candidate_that_goes_with_what_is_held(engine: Engine) -> None:
    assert answer(engine, "affinity", LEDGER, DAY, "ana", category="tv") == pytest.approx(
        {
            "best_confidence": 2 / 3,
            "best_lift": 8 / 9,
            "best_support": 2 / 4,
            "mean_confidence": 0.666667,  # in whole millionths
            "mean_lift": 0.888889,
            "popularity": 3 / 4,
            "acquirers__30d": 1 / 4,  # ben
            "acquirers__90d": 2 / 4,  # ben and dan
            "acquirers__season": 1 / 4,  # cid
            "trend": 1.5,  # 3 × 1 ÷ 2
            "entry_price": 150.5,
            "price_ratio": 7.525,  # 150.50 ÷ (40.00 ÷ 2)
            "newest_days": 28,
        }
    )


def test_a_candidate_without_rule_price_or_launch(engine: Engine) -> None:
    assert answer(engine, "affinity", LEDGER, DAY, "dan", category="mug") == {
        "best_confidence": None,
        "best_lift": None,
        "best_support": None,
        "mean_confidence": None,
        "mean_lift": None,
        "popularity": 0.25,
        "acquirers__30d": 0.25,
        "acquirers__90d": 0.25,
        "acquirers__season": 0.0,
        "trend": 3.0,
        "entry_price": None,
        "price_ratio": None,
        "newest_days": None,
    }


def test_an_acquisition_that_came_late_changes_nothing(engine: Engine) -> None:
    before = answer(engine, "affinity", LEDGER, DAY, "ana", category="tv")
    event = bought("dan", "cof", "2025-02-27")
    late = with_row(LEDGER, "product_events", event, known_at=DAY)
    in_time = with_row(LEDGER, "product_events", event, known_at="2025-02-28 23:59:59")
    assert answer(engine, "affinity", late, DAY, "ana", category="tv") == before
    assert answer(engine, "affinity", in_time, DAY, "ana", category="tv") != before

"""Web and app, worked out by hand as of 1 March 2025."""

import pytest

from pipeline.engines import Engine
from tests.features.views import answer, with_row
from tests.ledger import Rows

DAY = "2025-03-01"


def touch(channel: str, kind: str, at: str, **more: object) -> dict[str, object]:
    row = {"customer_id": "ana", "channel": channel, "kind": kind, "occurred_at": at}
    return {**row, **more}


LEDGER: dict[str, Rows] = {
    "customers": [
        {"customer_id": "ana", "signed_up_on": "2023-01-01"},
        {"customer_id": "ben", "signed_up_on": "2023-01-01"},
    ],
    "products": [
        {"product_id": "tv1", "category": "tv", "tier": 1},
        {"product_id": "tv2", "category": "tv", "tier": 2},
        {"product_id": "cof", "category": "coffee", "tier": 1},
    ],
    "interactions": [
        touch("web", "product_view", "2024-11-30 23:59:59", product_id="cof"),  # 91 days before
        touch("app", "product_view", "2024-12-15 10:00", product_id="cof", device="mobile"),  # 76
        touch("web", "search", "2025-01-29 10:00"),  # 31
        touch("web", "product_view", "2025-02-01 10:00", product_id="tv1"),  # 28
        touch("web", "product_view", "2025-02-10 10:00"),  # 19, of no known product
        touch(
            "app",
            "cart_add",
            "2025-02-15 10:00",  # 14
            product_id="tv1",
            device="mobile",
            duration_seconds=29,
        ),
        touch(
            "web",
            "product_view",
            "2025-02-20 10:00",  # 9
            product_id="tv2",
            device="desktop",
            duration_seconds=31,
        ),
        touch("app", "login", "2025-02-22 00:00", device="mobile"),  # 7
        touch("store", "visit", "2025-02-27 10:00"),  # neither web nor app
        touch("web", "visit", "2025-02-28 10:00", device="mobile", duration_seconds=60),  # 1
        touch("store", "visit", "2025-02-27 10:00", customer_id="ben"),
    ],
}


def test_a_customer_on_the_web_and_in_the_app(engine: Engine) -> None:
    assert answer(engine, "digital_behaviour", LEDGER, DAY, "ana") == pytest.approx(
        {
            "sessions__7d": 2,
            "sessions__30d": 2,
            "sessions__90d": 2,
            "views__7d": 0,
            "views__30d": 3,
            "views__90d": 4,
            "searches__30d": 0,
            "searches__90d": 1,
            "carts__30d": 1,
            "carts__90d": 1,
            "view_trend": 2.25,  # 3 × 3 ÷ 4
            "days_since_session": 1,
            "viewed_categories__30d": 1,
            "app_share__90d": 3 / 8,
            "mobile_share__90d": 4 / 5,  # of the five with a known device
            "duration__90d": 40.0,  # (29 + 31 + 60) ÷ 3
        }
    )


def test_a_category_that_was_put_into_the_cart(engine: Engine) -> None:
    assert answer(engine, "digital_behaviour", LEDGER, DAY, "ana", category="tv") == pytest.approx(
        {
            "category_views__7d": 0,
            "category_views__30d": 2,
            "category_views__90d": 2,
            "category_carts__30d": 1,
            "category_view_share__90d": 2 / 3,
            "days_since_category_view": 9,
            # Two half-lives ago 0.250, one 0.500, and 9 days ago 0.5 ^ (9 ÷ 14) = 0.640.
            "category_interest": 1.390,
            "category_tier_viewed": 2,
        }
    )


def test_a_category_of_long_ago(engine: Engine) -> None:
    assert answer(
        engine, "digital_behaviour", LEDGER, DAY, "ana", category="coffee"
    ) == pytest.approx(
        {
            "category_views__7d": 0,
            "category_views__30d": 0,
            "category_views__90d": 1,
            "category_carts__30d": 0,
            "category_view_share__90d": 1 / 3,
            "days_since_category_view": 76,
            "category_interest": 0.034,  # 0.5 ^ (76 ÷ 14) = 0.023 and 0.5 ^ 6.5 = 0.011
            "category_tier_viewed": 1,
        }
    )


def test_who_only_comes_to_the_store_has_no_row(engine: Engine) -> None:
    assert answer(engine, "digital_behaviour", LEDGER, DAY, "ben") is None


@pytest.mark.parametrize("category", [None, "coffee"])
def test_a_view_that_came_late_changes_nothing(engine: Engine, category: str | None) -> None:
    before = answer(engine, "digital_behaviour", LEDGER, DAY, "ana", category=category)
    looked = touch("web", "product_view", "2025-02-27 10:00", product_id="cof")
    late = with_row(LEDGER, "interactions", looked, known_at=DAY)
    in_time = with_row(LEDGER, "interactions", looked, known_at="2025-02-28 23:59:59")
    assert answer(engine, "digital_behaviour", late, DAY, "ana", category=category) == before
    assert answer(engine, "digital_behaviour", in_time, DAY, "ana", category=category) != before

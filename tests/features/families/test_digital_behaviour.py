"""Web and app, worked out by hand as of 1 March 2025."""

import pytest

from tests.features.answers import Answers, answers, with_row
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
        {"product_id": "tv1", "category": "tv", "tier": 1, "brand": "acme"},
        {"product_id": "tv2", "category": "tv", "tier": 2, "brand": "best"},
        {"product_id": "cof", "category": "coffee", "tier": 1, "brand": "acme"},
        {"product_id": "ph1", "category": "phone", "tier": 1, "brand": "best"},
        {"product_id": "pet", "category": "pet", "tier": 1, "brand": "rex"},
    ],
    "interactions": [
        touch("web", "login", "2024-03-10 10:00"),  # 356 days before, in the season to come
        touch("web", "product_view", "2024-03-15 10:00", product_id="tv1"),  # 351
        touch("web", "product_view", "2024-11-30 23:59:59", product_id="cof"),  # 91 days before
        touch("app", "product_view", "2024-12-15 10:00", product_id="cof"),  # 76
        touch("web", "search", "2025-01-29 10:00"),  # 31
        touch("web", "product_view", "2025-02-01 10:00", product_id="tv1"),  # 28
        touch("web", "product_view", "2025-02-10 10:00"),  # 19, of no known product
        touch(
            "app",
            "cart_add",
            "2025-02-15 10:00",  # 14
            product_id="tv1",
            duration_seconds=29,
        ),
        touch("app", "cart_abandon", "2025-02-15 10:05", product_id="tv1"),
        touch(
            "web",
            "product_view",
            "2025-02-20 10:00",  # 9
            product_id="tv2",
            duration_seconds=31,
        ),
        touch("app", "login", "2025-02-22 00:00"),  # 7
        touch("store", "visit", "2025-02-27 10:00"),  # neither web nor app
        touch("web", "visit", "2025-02-28 10:00", duration_seconds=60),  # 1
        touch("store", "visit", "2025-02-27 10:00", customer_id="ben"),
    ],
}


@pytest.fixture(scope="module")
def found() -> Answers:
    return answers("digital_behaviour", LEDGER, DAY, "customer", "candidate")


def test_a_customer_on_the_web_and_in_the_app(found: Answers) -> None:
    assert found["ana", None] == pytest.approx(
        {
            "sessions__season": 1,
            "views__7d": 0,
            "views__30d": 3,
            "views__90d": 4,
            "view_trend": 2.25,  # 3 × 3 ÷ 4
            "views_per_session__90d": 2.0,
            "active_days__90d": 8,
            "bounce_share__90d": 7 / 8,  # all but the day of the cart
            # By age in days: 91, 76, 31, 28, 19, 14 twice, 9, 7 and 1; 0.5 ^ (age ÷ 14).
            "interest": (11 + 23 + 215 + 250 + 390 + 500 + 500 + 640 + 707 + 952) / 1000,
            "days_since_session": 1,
            "top_category_share__90d": 2 / 3,
            "last_category": "tv",
            "app_share__90d": 4 / 9,
            "duration__90d": 40.0,  # (29 + 31 + 60) ÷ 3
        }
    )


def test_a_category_that_was_put_into_the_cart(found: Answers) -> None:
    assert found["ana", "tv"] == pytest.approx(
        {
            "category_views__30d": 2,
            "category_views__90d": 2,
            "category_views__season": 1,
            "category_views_since": 0,
            "days_since_category_cart": 14,
            "category_view_share__90d": 2 / 3,
            "days_since_category_view": 9,
            # Two half-lives ago 0.250, one 0.500 twice, and 9 days ago 0.5 ^ (9 ÷ 14) = 0.640.
            "category_interest": 1.890,
            "category_interest_share": 1890 / 1924,
            "category_top_brand_share__90d": 1 / 2,
            "brand_views_elsewhere__90d": 1,  # coffee by acme; 91 days ago is outside
            "category_tier_viewed": 2,
            "category_mean_tier_viewed": 4 / 3,  # 1, 1 and 2
            "category_view_rate": 3 * 365 / (790 + 100),
        }
    )


def test_a_category_of_long_ago(found: Answers) -> None:
    assert found["ana", "coffee"] == pytest.approx(
        {
            "category_views__30d": 0,
            "category_views__90d": 1,
            "category_views__season": 0,
            "category_views_since": 1,
            "days_since_category_cart": None,
            "category_view_share__90d": 1 / 3,
            "days_since_category_view": 76,
            "category_interest": 0.034,  # 0.5 ^ (76 ÷ 14) = 0.023 and 0.5 ^ 6.5 = 0.011
            "category_interest_share": 34 / 1924,
            "category_top_brand_share__90d": 1.0,
            "brand_views_elsewhere__90d": 1,  # a tv by acme
            "category_tier_viewed": 1,
            "category_mean_tier_viewed": 1.0,
            "category_view_rate": 2 * 365 / (790 + 100),  # known since 2023-01-01
        }
    )


def test_a_category_whose_brand_was_viewed_elsewhere_has_that_alone(found: Answers) -> None:
    known = {name: value for name, value in found["ana", "phone"].items() if value is not None}
    assert known == {"brand_views_elsewhere__90d": 1}  # a tv by best
    assert ("ana", "pet") not in found


def test_of_categories_viewed_in_the_same_second_the_first_by_name_is_the_last() -> None:
    at_once = [
        touch("web", "product_view", "2025-02-27 10:00", product_id=product)
        for product in ("tv1", "cof")
    ]
    ledger = {**LEDGER, "interactions": at_once}
    both = answers("digital_behaviour", ledger, DAY, "customer", "candidate")
    assert both["ana", None]["last_category"] == "coffee"
    assert both["ana", "coffee"]["category_views_since"] == 0
    assert both["ana", "tv"]["category_views_since"] == 0


def test_who_only_comes_to_the_store_has_no_row(found: Answers) -> None:
    assert ("ben", None) not in found


def test_a_view_that_came_late_changes_nothing(found: Answers) -> None:
    looked = touch("web", "product_view", "2025-02-27 10:00", product_id="cof")

    def read(known_at: str) -> Answers:
        ledger = with_row(LEDGER, "interactions", looked, known_at=known_at)
        return answers("digital_behaviour", ledger, DAY, "customer", "candidate")

    assert read(DAY) == found
    in_time = read("2025-02-28 23:59:59")
    assert in_time["ana", None] != found["ana", None]
    assert in_time["ana", "coffee"] != found["ana", "coffee"]

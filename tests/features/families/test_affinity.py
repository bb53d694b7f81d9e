"""What goes with what is held, worked out by hand as of 1 March 2025.

Held: coffee by ana, ben and cid; tv by ben, cid and dan; the mug by ana. Two of four hold both
coffee and tv, so coffee → tv has support 2/4, confidence 2/3 and lift 2/3 ÷ 3/4 = 8/9.
"""

import pytest

from pipeline.features import held_associations
from tests.features.answers import answer, answers, with_row
from tests.ledger import Rows

DAY = "2025-03-01"


def bought(customer: str, product: str, at: str, **more: object) -> dict[str, object]:
    row = {"customer_id": customer, "product_id": product, "kind": "acquired"}
    return {**row, "occurred_at": at, **more}


LEDGER: dict[str, Rows] = {
    "customers": [
        *(
            {"customer_id": name, "signed_up_on": "2023-01-01", "region": "north"}
            for name in ("ana", "ben", "cid")
        ),
        {"customer_id": "dan", "signed_up_on": "2023-01-01", "income_band": "high"},
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
    monkeypatch.setattr(held_associations, "MIN_SUPPORT_CUSTOMERS", 2)


def test_a_candidate_that_goes_with_what_is_held() -> None:
    assert answer("affinity", LEDGER, DAY, "ana", category="tv") == pytest.approx(
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
            "price_ratio": 7.525,  # 150.50 ÷ (40.00 ÷ 2)
            "newest_days": 28,
            "best_conviction": 3 / 4,  # (1 − 3/4) ÷ (1 − 2/3)
            "best_rule": "coffee",
            "factor_score": 0.0,  # so few customers have no factor that stands out
            "taste_acquirers__30d": 0.0,
            "taste_acquirers__90d": 0.0,
            # Three of all six days had a tv, none of ana's two; two of 90 are two thirds of 30.
            "expected_days__90d": (0 + 20 * 3 / 6) / (2 + 20) * 2 / 3,
            "evidence": -0.117783,  # ln 8/9
            "mean_uptake": None,  # nobody has held coffee for more than 90 days
            "related_acquisitions__30d": 0.666667,  # one coffee
            "related_acquisitions__90d": 0.666667,
            "expected_acquisitions__90d": 2 * 2 / 6,  # two of the six sold are a tv
            # Ana's peers are ben, cid and herself, since dan has an income; 100 more are like all.
            "peer_popularity": (2 + 100 * 3 / 4) / 103,
            "peer_acquirers__90d": (1 + 100 * 2 / 4) / 103,
            "peer_trend": 3.0,
            "region_acquirers__90d": (1 + 100 * 2 / 4) / 103,
            "upgrades__90d": 0.0,
            "step_price": None,
            "step_ratio": None,
            "step_to_others": None,
        }
    )


def test_a_candidate_without_rule_price_or_launch() -> None:
    assert answer("affinity", LEDGER, DAY, "dan", category="mug") == {
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
        "price_ratio": None,
        "newest_days": None,
        "best_conviction": None,
        "best_rule": None,
        "factor_score": 0.0,
        "taste_acquirers__30d": 0.0,
        "taste_acquirers__90d": 0.0,
        "expected_days__90d": pytest.approx((0 + 20 * 1 / 6) / (1 + 20) * 1 / 3),
        "evidence": None,
        "mean_uptake": None,
        "related_acquisitions__30d": None,
        "related_acquisitions__90d": None,
        "expected_acquisitions__90d": pytest.approx(1 / 6),
        "peer_popularity": pytest.approx(25 / 101),
        "peer_acquirers__90d": pytest.approx(25 / 101),
        "peer_trend": None,
        "region_acquirers__90d": None,
        "upgrades__90d": 0.0,
        "step_price": None,
        "step_ratio": None,
        "step_to_others": None,
    }


def test_a_step_up_costs_what_the_next_tier_costs_more() -> None:
    ledger = {
        **LEDGER,
        "products": [
            {"product_id": f"tv{tier}", "category": "tv", "tier": tier, "price": price}
            for tier, price in ((1, "100.00"), (2, "150.00"), (3, "250.00"))
        ],
        "product_events": [
            bought("ana", "tv1", "2025-01-10", amount="80.00"),
            bought("ben", "tv1", "2024-10-01"),
            bought("ben", "tv2", "2025-02-10"),  # a step of 50
            bought("cid", "tv2", "2024-10-01"),
            bought("cid", "tv3", "2025-02-20"),  # a step of 100
        ],
    }
    found = answer("affinity", ledger, DAY, "ana", category="tv")
    assert found is not None
    assert found["step_price"] == 50.0
    assert found["step_ratio"] == 50 / 80
    assert found["step_to_others"] == pytest.approx(50 / 75)
    assert found["upgrades__90d"] == pytest.approx(2 / 3)  # of three holders
    at_the_top = answer("affinity", ledger, DAY, "cid", category="tv")
    assert at_the_top is not None
    assert at_the_top["step_price"] is None


def test_uptake_is_of_those_who_held_the_one_and_not_the_other() -> None:
    products = [{"product_id": name, "category": name, "tier": 1} for name in ("coffee", "tv")]
    events = [
        *(bought(name, "coffee", "2024-10-01") for name in ("ana", "ben", "cid", "dan")),
        bought("ana", "tv", "2024-10-01"),  # before: neither took it up nor could have
        bought("ben", "tv", "2025-02-01"),
    ]
    ledger = {**LEDGER, "products": products, "product_events": events}
    found = answer("affinity", ledger, DAY, "dan", category="tv")
    assert found is not None
    assert found["mean_uptake"] == pytest.approx(1 / 3, abs=1e-6)  # ben of ben, cid and dan


def test_a_factor_says_what_goes_with_what_is_held() -> None:
    """Of 45 customers three hold coffee and tv, ann coffee alone, and one the mug.

    The counts of coffee beside tv are [[4, 3], [3, 3]], with the root √((4 − 3)² + 4 × 3²) = √37.
    Their larger eigenvalue is (7 + √37) ÷ 2, a singular value of 2.56; that of the mug is 1, and
    the last 0.68. Noise reaches 1.55 times the median one, so that one factor counts, on which the
    product of coffee and tv is 3 ÷ √37 and the square of tv (1 − 1 ÷ √37) ÷ 2.
    """
    ledger = {
        **LEDGER,
        "customers": [
            {"customer_id": name, "signed_up_on": "2023-01-01"}
            for name in ("ann", "bea", "cat", "dot", "eve", *map(str, range(40)))
        ],
        "product_events": [
            *(bought(name, "cof", "2025-01-10") for name in ("ann", "bea", "cat", "dot")),
            *(bought(name, "tv1", "2025-01-10") for name in ("bea", "cat", "dot")),
            bought("eve", "mug", "2025-01-10"),
        ],
    }
    found = answers("affinity", ledger, DAY, "candidate")
    score = {key: row["factor_score"] for key, row in found.items()}
    assert score["ann", "tv"] == pytest.approx(3 / 37**0.5, abs=1e-5)
    assert score["bea", "tv"] == pytest.approx(3 / 37**0.5 + (1 - 37**-0.5) / 2, abs=1e-5)
    assert score["ann", "mug"] == 0
    assert score["eve", "mug"] == 0  # of the factor that does not count
    assert score["1", "tv"] is None  # holds nothing


def test_a_taste_says_who_acquires_what_long_after_the_past_was_used_up() -> None:
    """The company of the factors, in which coffee lasts for ten days and nobody holds it any more.

    Everybody's past in a category is ln 2, so that the factor is the same. All acquisitions are of
    the last 90 days: explained is the past itself over ln 2, and what is fitted is what the factor
    says of it. Of the last 30 days there are none.
    """
    lasting = [
        {**row, "repurchase_days": 10} if row["product_id"] == "cof" else row
        for row in LEDGER["products"]
    ]
    ledger = {
        **LEDGER,
        "products": lasting,
        "customers": [
            {"customer_id": name, "signed_up_on": "2023-01-01"}
            for name in ("ann", "bea", "cat", "dot", "eve", *map(str, range(40)))
        ],
        "product_events": [
            *(bought(name, "cof", "2025-01-10") for name in ("ann", "bea", "cat", "dot")),
            *(bought(name, "tv1", "2025-01-10") for name in ("bea", "cat", "dot")),
            bought("eve", "mug", "2025-01-10"),
        ],
    }
    found = answers("affinity", ledger, DAY, "candidate")
    score = {key: row["taste_acquirers__90d"] for key, row in found.items()}
    assert score["ann", "tv"] == pytest.approx(3 / 37**0.5, abs=1e-4)
    assert score["bea", "tv"] == pytest.approx(3 / 37**0.5 + (1 - 37**-0.5) / 2, abs=1e-4)
    assert score["eve", "mug"] == 0  # of the factor that does not count
    assert score["1", "tv"] is None  # never acquired anything
    assert found["ann", "tv"]["factor_score"] is None  # holds nothing
    assert found["ann", "tv"]["taste_acquirers__30d"] == 0


def test_an_acquisition_that_came_late_changes_nothing() -> None:
    before = answer("affinity", LEDGER, DAY, "ana", category="tv")
    event = bought("dan", "cof", "2025-02-27")
    late = with_row(LEDGER, "product_events", event, known_at=DAY)
    in_time = with_row(LEDGER, "product_events", event, known_at="2025-02-28 23:59:59")
    assert answer("affinity", late, DAY, "ana", category="tv") == before
    assert answer("affinity", in_time, DAY, "ana", category="tv") != before

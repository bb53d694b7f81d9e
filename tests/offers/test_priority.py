"""Priority and its parts, worked out by hand."""

import pandas as pd
import pytest

from pipeline.foundation.errors import ConfigurationError
from pipeline.offers.priority import (
    check_weights,
    rank_within_customers,
    value_offers,
    weigh_levers,
    weigh_seasons,
)

DEFAULTS = {"default_price_cents": 2000, "default_margin_rate": 0.5, "subscription_payments": 12}


def candidate(**changes: object) -> pd.DataFrame:
    row: dict[str, object] = {
        "model": "cross_sell",
        "price_cents": 10_000,
        "held_price_cents": None,
        "margin_rate": 0.2,
        "return_rate": 0.1,
        "is_subscription": False,
    }
    return pd.DataFrame([row | changes])


@pytest.mark.parametrize(
    ("changes", "cents"),
    [
        ({}, 1800),  # 100.00 × 0.2 × 0.9
        ({"held_price_cents": 4000}, 1800),  # what is held does not matter to a cross-sell
        ({"model": "up_sell", "held_price_cents": 4000}, 1080),  # 60.00 × 0.2 × 0.9
        ({"model": "up_sell", "held_price_cents": 12_000}, 0),  # a step down brings nothing
        ({"model": "up_sell"}, 360),  # an unknown step: the default price
        ({"price_cents": None}, 360),  # 20.00 × 0.2 × 0.9
        ({"margin_rate": None}, 4500),  # 100.00 × 0.5 × 0.9
        ({"margin_rate": -0.1}, -900),
        ({"is_subscription": True}, 21_600),  # twelve payments
        ({"price_cents": 0}, 0),
    ],
)
def test_the_value_is_the_profit_of_one_acquisition(changes: dict[str, object], cents: int) -> None:
    value = value_offers(candidate(**changes), **DEFAULTS)  # type: ignore[arg-type]  # a mixture
    assert value.tolist() == [cents]
    assert value.dtype == "int64"


def test_levers_of_a_model_and_of_a_category_multiply() -> None:
    rows = pd.DataFrame(
        {"model": ["up_sell", "up_sell", "cross_sell"], "category": ["tea", "tv", "tea"]}
    )
    assert weigh_levers(rows, {"up_sell": 2.0, "tea": 1.5}).tolist() == [3.0, 2.0, 1.5]
    assert weigh_levers(rows, {}).tolist() == [1.0, 1.0, 1.0]


def test_a_season_weighs_its_category_in_its_month_only() -> None:
    garden = {"garden": [1.0] * 3 + [1.4] + [1.0] * 8}
    categories = pd.Series(["garden", "tv"])
    assert weigh_seasons(categories, 4, garden).tolist() == [1.4, 1.0]
    assert weigh_seasons(categories, 5, garden).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("seasons", "levers", "told"),
    [
        ({}, {"cofee": 2.0}, r"decide\.levers.*'cofee'.*Did you mean 'coffee'"),
        ({}, {"cross_sell": 2.0}, r"decide\.levers.*'cross_sell'"),
        ({"up_sell": [1.0] * 12}, {}, r"decide\.seasons.*'up_sell'"),
    ],
)
def test_a_season_or_lever_of_nothing_that_is_offered_is_refused(
    seasons: dict[str, list[float]], levers: dict[str, float], told: str
) -> None:
    rows = pd.DataFrame({"model": ["up_sell"], "category": ["coffee"]})
    check_weights({"coffee": [1.0] * 12}, {"coffee": 2.0, "up_sell": 0.5}, rows)
    with pytest.raises(ConfigurationError, match=told):
        check_weights(seasons, levers, rows)
    check_weights(seasons, levers, rows.iloc[:0])  # nobody is offered anything


def test_the_places_of_a_customer_begin_at_one_and_equal_offers_stand_in_the_alphabet() -> None:
    rows = pd.DataFrame(
        {
            "customer_id": ["a", "a", "a", "b", "b"],
            "model": "cross_sell",
            "category": ["tea", "tv", "rugs", "tea", "tv"],
        }
    )
    worth = pd.Series([1.0, 5.0, 5.0, 2.0, 3.0])
    assert rank_within_customers(rows, worth).tolist() == [3, 2, 1, 2, 1]

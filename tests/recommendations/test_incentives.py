"""Spend thresholds and bounce-back offers."""

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.foundation.engines import Engine
from pipeline.recommendations.incentives.bounce_back import bounce_back
from pipeline.recommendations.incentives.orders import Orders, margin_rate, orders
from pipeline.recommendations.incentives.round_sums import round_up, sums_between
from pipeline.recommendations.incentives.thresholds import Assumptions, thresholds

ASSUMED = Assumptions(
    gift_cost_cents=50, reach=0.2, take_up=0.5, margin_rate=0.5, min_orders=1, min_share=0.1
)


def counted(cents: Mapping[int, int]) -> pd.DataFrame:
    """Return how many orders of one segment came to each amount."""
    return pd.DataFrame({"segment": "s", "cents": list(cents), "orders": list(cents.values())})


def test_sums_on_a_poster_are_round() -> None:
    assert sums_between(900, 2100).tolist() == [1000, 1500, 2000]
    assert round_up(1501) == 2000
    assert round_up(1500) == 1500


def test_the_gain_is_the_margin_of_filled_orders_less_every_gift() -> None:
    cents = {1000: 20, 1700: 60, 3000: 20}
    found = thresholds(counted(cents), ASSUMED)
    row = found[(found["segment"] == "s") & (found["threshold_cents"] == 2000)].iloc[0]
    # 60 orders miss 300 each; half fill up: 30 * 300 * 0.5 of margin, less 50 gifts of 50.
    assert row["orders_just_below"] == 60
    assert row["expected_gain_cents"] == 4500 - 2500
    assert row["pays"]
    # At t: 60 t (150 - 50) = 20 * 50.
    assert row["break_even_take_up"] == pytest.approx(1 / 6)
    assert row["break_even_gift_cents"] == 90
    assert found[found["is_best"]]["threshold_cents"].tolist() == [2000, 2000]  # all and s


def test_a_gift_that_costs_more_than_it_brings_never_pays() -> None:
    cents = {1000: 20, 1900: 60, 3000: 20}
    found = thresholds(counted(cents), ASSUMED)
    row = found[found["threshold_cents"] == 2000].iloc[0]
    assert not row["pays"]
    assert pd.isna(row["break_even_take_up"])
    assert not found["is_best"].any()  # the least loss is not a best threshold


def test_a_voucher_ends_when_half_of_those_who_return_anyhow_have_returned() -> None:
    returns = pd.DataFrame(
        {
            "segment": "s",
            "days_to_next": [3.0, 9.0, 40.0, None],
            "days_followed": [91, 91, 91, 2],
            "orders": 1,
        }
    )
    purchases = Orders(counted({1800: 4}), returns)
    row = bounce_back(purchases, voucher_share=0.1, margin_rate=0.5).iloc[0]
    assert row["expiry_days"] == 14  # the median is 9 days
    assert row["share_back_unprompted"] == pytest.approx(2 / 3)  # the last was not followed so long
    assert (row["min_spend_cents"], row["voucher_cents"]) == (2000, 200)
    # 200 * 2/3 for those who come anyhow, earned back at 0.5 * 2000 - 200 each.
    assert row["break_even_additional_share"] == pytest.approx(200 * (2 / 3) / 800)


def test_the_next_purchase_is_counted_from_the_one_before_of_the_same_customer(
    engine: Engine,
) -> None:
    spend = {
        "customer_id": ["c1", "c1", "c1", "c1", "c2", "c2"],
        "age_days": [3, 10, 200, 207, 400, 5],
        "cents": [5, 6, 6, 6, 7, 0],
    }
    segments = {"customer_id": ["c1", "c2"], "segment": ["a", "b"]}
    found = orders(engine, engine.table(pa.table(spend)), engine.table(pa.table(segments)))
    assert found.amounts.to_numpy().tolist() == [["a", 5, 1], ["a", 6, 3]]  # within the year
    rows = found.returns.fillna(-1).sort_values("days_to_next").to_numpy().tolist()
    # Followed for 10 days, and twice for longer than any voucher holds.
    assert rows == [["a", -1, 3, 1], ["a", 7, 10, 1], ["a", 7, 91, 1], ["a", 190, 91, 1]]


def test_a_catalogue_without_margins_takes_the_assumed_one() -> None:
    bought = pd.DataFrame({"product": [0, 1], "purchases": [1, 3]})
    prices = pd.DataFrame({"price_cents": [100.0, 100.0], "margin_rate": [0.1, 0.5]})
    assert margin_rate(bought, prices, 0.3) == pytest.approx(0.4)
    assert margin_rate(bought, prices.assign(margin_rate=None), 0.3) == 0.3

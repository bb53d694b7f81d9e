"""Spend thresholds: from which order value a delivery or gift should be free.

The gain of a threshold, on the orders of a year: what orders just below would be filled up by, times
the margin, for the share of them that takes it up; less the gift, for those and for all orders that
are above the threshold anyhow. Share and gift are assumptions, so the share and the gift at which
the threshold breaks even stand beside. The best of a segment is the one with the highest gain among
those with enough orders just below, if it pays; where none pays, a segment has no best one.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.recommendations.incentives.round_sums import sums_between
from pipeline.statistics.repeated_values import repeated_quantile

EVERYBODY = "all"


@dataclass(frozen=True)
class Assumptions:
    """What the history does not show: assumptions."""

    gift_cost_cents: int
    reach: float
    """How far below the threshold, as a share of it, an order may lie to be filled up."""
    take_up: float
    """Share of orders within reach that are filled up."""
    margin_rate: float
    min_orders: int
    """Fewest orders within reach for a row."""
    min_share: float
    """Share of a segment's orders within reach that is enough to set a threshold for."""


def thresholds(orders: pd.DataFrame, assumed: Assumptions) -> pd.DataFrame:
    """Return a row for each segment and threshold with its orders and expected gain.

    Args:
        orders: segment, cents and how many `orders` came to them.
        assumed: what the history does not show.
    """
    groups = [(EVERYBODY, orders), *orders.groupby("segment", sort=True)]
    parts = [_of_segment(str(name), some, assumed) for name, some in groups]
    table = pd.concat(parts, ignore_index=True)
    pays = table["expected_gain_cents"] > 0
    is_asked = pays & (table["share_just_below"] >= assumed.min_share)
    enough = table["expected_gain_cents"].where(is_asked)
    best = enough.groupby(table["segment"]).transform("max")
    return table.assign(is_best=enough == best, pays=pays)


def _of_segment(name: str, rows: pd.DataFrame, assumed: Assumptions) -> pd.DataFrame:
    by_cents = rows.groupby("cents", sort=True)["orders"].sum()
    ordered, times = by_cents.index.to_numpy(np.float64), by_cents.to_numpy(np.int64)
    low, high = (repeated_quantile(ordered, times, level) for level in (0.2, 0.95))
    steps = sums_between(low, high)
    orders, sums = (np.concatenate([[0], np.cumsum(some)]) for some in (times, ordered * times))
    every = int(orders[-1])
    begin = np.searchsorted(ordered, steps * (1 - assumed.reach))
    end = np.searchsorted(ordered, steps)
    below, above = orders[end] - orders[begin], every - orders[end]
    missing = steps * below - (sums[end] - sums[begin])
    margin = missing * assumed.margin_rate
    gift = assumed.gift_cost_cents
    gain = assumed.take_up * (margin - gift * below) - gift * above
    pays = margin - gift * below
    table = pd.DataFrame(
        {
            "segment": name,
            "threshold_cents": steps,
            "orders": every,
            "orders_just_below": below,
            "share_just_below": below / max(every, 1),
            "share_above": above / max(every, 1),
            "mean_missing_cents": np.rint(missing / np.maximum(below, 1)),
            "expected_gain_cents": np.rint(gain),
            "break_even_take_up": np.divide(
                gift * above, pays, out=np.full(len(steps), np.nan), where=pays > 0
            ),
            "break_even_gift_cents": np.floor(
                assumed.take_up * margin / np.maximum(above + assumed.take_up * below, 1)
            ),
            "assumed_take_up": assumed.take_up,
            "assumed_gift_cost_cents": gift,
            "assumed_margin_rate": assumed.margin_rate,
        }
    )
    whole = [
        "threshold_cents",
        "mean_missing_cents",
        "expected_gain_cents",
        "break_even_gift_cents",
    ]
    kept = table[table["orders_just_below"] >= assumed.min_orders]
    return kept.astype(dict.fromkeys(whole, "int64"))

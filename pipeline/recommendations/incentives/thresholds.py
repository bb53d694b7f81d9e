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
from pipeline.statistics.arrays import Floats

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
        orders: segment and cents of each order.
        assumed: what the history does not show.
    """
    groups = [(EVERYBODY, orders["cents"]), *orders.groupby("segment", sort=True)["cents"]]
    parts = [_of_segment(str(name), cents.to_numpy(np.float64), assumed) for name, cents in groups]
    table = pd.concat(parts, ignore_index=True)
    pays = table["expected_gain_cents"] > 0
    is_asked = pays & (table["share_just_below"] >= assumed.min_share)
    enough = table["expected_gain_cents"].where(is_asked)
    best = enough.groupby(table["segment"]).transform("max")
    return table.assign(is_best=enough == best, pays=pays)


def _of_segment(name: str, cents: Floats, assumed: Assumptions) -> pd.DataFrame:
    ordered = np.sort(cents)
    low, high = np.quantile(ordered, [0.2, 0.95]) if len(ordered) else (1, 0)
    steps = sums_between(low, high)
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    begin = np.searchsorted(ordered, steps * (1 - assumed.reach))
    end = np.searchsorted(ordered, steps)
    below, above = end - begin, len(ordered) - end
    missing = steps * below - (sums[end] - sums[begin])
    margin = missing * assumed.margin_rate
    gift = assumed.gift_cost_cents
    gain = assumed.take_up * (margin - gift * below) - gift * above
    pays = margin - gift * below
    table = pd.DataFrame(
        {
            "segment": name,
            "threshold_cents": steps,
            "orders": len(ordered),
            "orders_just_below": below,
            "share_just_below": below / max(len(ordered), 1),
            "share_above": above / max(len(ordered), 1),
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

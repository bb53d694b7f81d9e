"""Spend thresholds: from which order value a delivery or gift should be free.

The gain of a threshold, on the orders of a year: what orders just below would be filled up by, times
the margin, for the share of them that takes it up; less the gift, for those and for all orders that
are above the threshold anyhow. The share that takes it up is an assumption, so the share at which
the threshold breaks even stands beside.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.decisions.incentives.round_sums import sums_between
from pipeline.models.examples import Floats

EVERYBODY = "all"


@dataclass(frozen=True)
class Assumptions:
    """What the history cannot tell."""

    gift_cost_cents: int
    reach: float
    """How far below the threshold, as a share of it, an order may lie to be filled up."""
    take_up: float
    """Share of orders within reach that are filled up."""
    margin_rate: float
    min_orders: int
    """Fewest orders within reach."""


def thresholds(orders: pd.DataFrame, assumed: Assumptions) -> pd.DataFrame:
    """Return a row for each segment and threshold with its orders and expected gain.

    Args:
        orders: segment and cents of each order.
        assumed: what the history cannot tell.
    """
    groups = [(EVERYBODY, orders["cents"]), *orders.groupby("segment", sort=True)["cents"]]
    parts = [_of_segment(str(name), cents.to_numpy(np.float64), assumed) for name, cents in groups]
    table = pd.concat(parts, ignore_index=True)
    best = table.groupby("segment")["expected_gain_cents"].transform("max")
    return table.assign(is_best=table["expected_gain_cents"] == best)


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
            "assumed_take_up": assumed.take_up,
            "assumed_gift_cost_cents": gift,
            "assumed_margin_rate": assumed.margin_rate,
        }
    )
    whole = ["threshold_cents", "mean_missing_cents", "expected_gain_cents"]
    kept = table[table["orders_just_below"] >= assumed.min_orders]
    return kept.astype(dict.fromkeys(whole, "int64"))

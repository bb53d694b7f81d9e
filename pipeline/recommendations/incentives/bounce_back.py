"""Bounce-back offers: a voucher with a purchase, for the next one, that ends in time to bring it on.

It ends when half of those who come back by themselves have come, so that it moves the later half.
How many more must come for it to pay stands beside: those who would have come anyhow use it too.
"""

import numpy as np
import pandas as pd

from pipeline.recommendations.incentives.orders import FOLLOWED_DAYS, Orders
from pipeline.recommendations.incentives.round_sums import round_up
from pipeline.statistics.arrays import Floats
from pipeline.statistics.repeated_values import repeated_quantile

WEEK = 7


def bounce_back(purchases: Orders, *, voucher_share: float, margin_rate: float) -> pd.DataFrame:
    """Return a row for each segment: the voucher, what it asks, when it ends, what it must bring.

    Args:
        purchases: of a year, counted.
        voucher_share: the voucher's value as a share of the usual purchase.
        margin_rate: of what is sold.
    """
    table = _by_segment(purchases)
    days = table["median_days_to_next"].fillna(FOLLOWED_DAYS)
    expiry = (np.ceil(days / WEEK) * WEEK).clip(WEEK, FOLLOWED_DAYS).astype("int64")
    least = np.array([round_up(cents) for cents in table["median_cents"]], dtype=np.int64)
    voucher = np.rint(least * voucher_share / 50).astype(np.int64) * 50
    unprompted = _came_back(purchases.returns, table["segment"], expiry)
    earned = margin_rate * least - voucher
    more = np.divide(
        voucher * unprompted, earned, out=np.full(len(table), np.nan), where=earned > 0
    )
    return table.assign(
        median_cents=table["median_cents"].round().astype("int64"),
        voucher_cents=voucher,
        min_spend_cents=least,
        expiry_days=expiry,
        share_back_unprompted=unprompted,
        break_even_additional_share=more,
        assumed_margin_rate=margin_rate,
    )


def _by_segment(purchases: Orders) -> pd.DataFrame:
    """Return segment, purchases, median_cents and median_days_to_next."""
    names = sorted(purchases.amounts["segment"].dropna().unique())
    amounts = [purchases.amounts[purchases.amounts["segment"] == name] for name in names]
    returns = [purchases.returns[purchases.returns["segment"] == name] for name in names]
    return pd.DataFrame(
        {
            "segment": names,
            "purchases": np.array([some["orders"].sum() for some in amounts], dtype=np.int64),
            "median_cents": np.array([_median(some, "cents") for some in amounts]),
            "median_days_to_next": np.array([_median(some, "days_to_next") for some in returns]),
        }
    )


def _median(rows: pd.DataFrame, name: str) -> float:
    some = rows.dropna(subset=name).groupby(name)["orders"].sum()
    return repeated_quantile(some.index.to_numpy(np.float64), some.to_numpy(np.int64), 0.5)


def _came_back(returns: pd.DataFrame, segments: pd.Series, expiry: pd.Series) -> Floats:
    """Return the share that came back before expiry, of purchases followed for so long."""
    days = dict(zip(segments, expiry, strict=True))
    limit = returns["segment"].map(days).astype("float64")  # also where nothing has an amount
    seen = returns[returns["days_followed"] >= limit]
    back = seen[seen["days_to_next"] <= limit[seen.index]]
    every, some = (rows.groupby("segment")["orders"].sum() for rows in (seen, back))
    shares = some.reindex(every.index).fillna(0) / every
    return np.asarray(segments.map(shares), dtype=np.float64)

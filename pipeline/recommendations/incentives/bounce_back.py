"""Bounce-back offers: a voucher with a purchase, for the next one, that ends in time to bring it on.

It ends when half of those who come back by themselves have come, so that it moves the later half.
How many more must come for it to pay stands beside: those who would have come anyhow use it too.
"""

import numpy as np
import pandas as pd

from pipeline.recommendations.incentives.round_sums import round_up

WEEK = 7
LONGEST_DAYS = 91


def bounce_back(
    purchases: pd.DataFrame, *, voucher_share: float, margin_rate: float
) -> pd.DataFrame:
    """Return a row for each segment: the voucher, what it asks, when it ends, what it must bring.

    Args:
        purchases: segment, cents, days_to_next (empty for none) and days_followed of each purchase.
        voucher_share: the voucher's value as a share of the usual purchase.
        margin_rate: of what is sold.
    """
    groups = purchases.groupby("segment", sort=True)
    table = groups.agg(
        purchases=("cents", "size"),
        median_cents=("cents", "median"),
        median_days_to_next=("days_to_next", "median"),
    ).reset_index()
    days = table["median_days_to_next"].fillna(LONGEST_DAYS)
    expiry = (np.ceil(days / WEEK) * WEEK).clip(WEEK, LONGEST_DAYS).astype("int64")
    least = np.array([round_up(cents) for cents in table["median_cents"]], dtype=np.int64)
    voucher = np.rint(least * voucher_share / 50).astype(np.int64) * 50
    unprompted = _came_back(purchases, table["segment"], expiry)
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


def _came_back(
    purchases: pd.DataFrame, segments: pd.Series, expiry: pd.Series
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return the share that came back before expiry, of purchases followed for so long."""
    days = dict(zip(segments, expiry, strict=True))
    limit = purchases["segment"].map(days).astype("float64")  # also where nothing has an amount
    seen = purchases["days_followed"] >= limit
    is_back = (purchases["days_to_next"] <= limit)[seen]
    shares = is_back.groupby(purchases["segment"][seen]).mean()
    return np.asarray(segments.map(shares), dtype=np.float64)

"""Amounts in whole cents: rounding, and the division of an order's amount among its lines."""

import pandas as pd

Cents = "pd.Series[float]"


def to_cents(amounts: "pd.Series[float]") -> "pd.Series[float]":
    """Return amounts in whole cents, the nearest; shop systems keep four or six decimals."""
    return (amounts * 100).round()


def divide(
    totals: "pd.Series[float]", weights: "pd.Series[float]", orders: "pd.Series[str]"
) -> "pd.Series[float]":
    """Divide each order's total among its lines by weight, so that the shares add up to it exactly.

    Shares are differences of the rounded running total: 10.00 by three equal lines is 3.33, 3.34
    and 3.33. An order whose weights add up to nothing gives its lines nothing.

    Args:
        totals: cents, the order's on each of its lines.
        weights: of the lines, none negative.
        orders: the order of each line; lines of an order in the order that decides odd cents.
    """
    whole = weights.groupby(orders).transform("sum")
    until = (totals * weights.groupby(orders).cumsum() / whole.where(whole > 0)).round().fillna(0)
    return until - until.groupby(orders).shift(fill_value=0)

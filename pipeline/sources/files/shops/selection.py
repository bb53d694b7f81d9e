"""Which orders count: one currency, and none that were never paid. What is left out is counted."""

import pandas as pd

from pipeline.foundation.errors import DataError


def in_one_currency(
    orders: pd.DataFrame, currency: str | None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows in the shop's currency, and how many others were left out.

    Args:
        orders: order_id and currency.
        currency: the shop's; nothing where there is one only.

    Raises:
        DataError: several currencies, and none is said to be the shop's.
    """
    counts = orders.dropna(subset=["currency"]).groupby("currency")["order_id"].nunique()
    if len(counts) > 1 and currency is None:
        raise DataError(
            "orders in one currency",
            ", ".join(f"{count:,} in {name}" for name, count in counts.items()),
            "Name the shop's in source.files.shop.currency; orders in others are then left out.",
        )
    if currency is None:
        return orders, ()
    return without(orders, orders["currency"].fillna(currency) != currency, f"not in {currency}")


def without(
    orders: pd.DataFrame, is_left_out: "pd.Series[bool]", why: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows that stay, and a sentence on the orders that do not."""
    count = orders.loc[is_left_out, "order_id"].nunique()
    note = f"Orders {why}, left out: {count:,}"
    return orders[~is_left_out], (note,) if count else ()

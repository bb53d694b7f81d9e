"""Purchases of the last year as incentives look at them: counted by what they came to.

Of each amount there is one row, however many customers spent it, so that quantiles and sums are exact.
"""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipeline.foundation.engines import Engine
from pipeline.population.joins import left_join

YEAR_DAYS = 365
FOLLOWED_DAYS = 91
"""As long as a voucher holds at most: who was followed longer was followed long enough."""


@dataclass(frozen=True)
class Orders:
    """The purchases of a year that have an amount, counted."""

    amounts: pd.DataFrame
    """segment, cents and how many `orders`, by segment and cents."""
    returns: pd.DataFrame
    """segment, days_to_next (empty for none), days_followed (FOLLOWED_DAYS at most) and `orders`."""


def orders(engine: Engine, spend: ir.Table, segments: ir.Table) -> Orders:
    """Count the purchases.

    Args:
        engine: counts.
        spend: customer_id, age_days and cents of every day with a purchase.
        segments: customer_id and segment.
    """
    next_days = spend.age_days.lag().over(group_by="customer_id", order_by=spend.age_days)
    rows = spend.mutate(days_to_next=(spend.age_days - next_days).cast("int64"))
    rows = left_join(
        rows.filter((rows.age_days <= YEAR_DAYS) & (rows.cents > 0)), segments, ["customer_id"]
    )
    rows = rows.mutate(days_followed=ibis.least(rows.age_days, FOLLOWED_DAYS))
    amounts, returns = (
        engine.arrow(
            rows.group_by(keys).aggregate(orders=rows.count().cast("int64")).order_by(keys)
        ).to_pandas()
        for keys in (["segment", "cents"], ["segment", "days_to_next", "days_followed"])
    )
    return Orders(amounts, returns.astype({"days_to_next": "float64"}))


def margin_rate(bought: pd.DataFrame, products: pd.DataFrame, otherwise: float) -> float:
    """Return the mean margin of what was bought, by its price; the assumed one where none is known.

    Args:
        bought: product and purchases.
        products: price_cents and margin_rate, by code.
        otherwise: the rate assumed.
    """
    rate = products["margin_rate"].astype("float64")
    price = products["price_cents"].astype("float64")
    times = np.bincount(bought["product"], bought["purchases"], minlength=len(products))
    weight = price * times
    is_known = rate.notna() & (weight > 0)
    if not is_known.any():
        return otherwise
    return float((rate * weight)[is_known].sum() / weight[is_known].sum())

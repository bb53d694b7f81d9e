"""Hook products: what those began with whose later baskets are large.

Everybody is followed for as many days after the first known basket, and compared with everybody
else who began; beginnings that have not been followed so long are left out.
"""

from dataclasses import dataclass
from decimal import Decimal

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipeline.foundation.engines import Engine
from pipeline.population.joins import left_join
from pipeline.recommendations.associations.association_rules import Z

MONEY = "decimal(18, 0)"
SQUARES = "decimal(38, 0)"
"""Sums of whole numbers that no integer holds: exact in any order."""


@dataclass(frozen=True)
class Beginnings:
    """Those who began and were followed for so long, counted."""

    customers: int
    later_cents: int
    """Spent by all of them in the days that they were followed."""
    by_product: pd.DataFrame
    """product, customers, later_cents, squares (a sum of squared cents) and later_baskets."""


def beginnings(
    engine: Engine, purchases: ir.Table, spend: ir.Table, follow_days: int
) -> Beginnings:
    """Count who began with what, and what came after it.

    Args:
        engine: counts.
        purchases: customer_id, age_days and product, each once.
        spend: customer_id, age_days and cents of every purchase.
        follow_days: how long to follow.
    """
    begun = engine.materialize(_followed(spend, follow_days))
    (every,) = engine.arrow(
        begun.aggregate(customers=begun.count(), cents=begun.later_cents.sum().cast("int64"))
    ).to_pylist()
    began = purchases.join(begun, ["customer_id", "age_days"])
    money = began.later_cents.cast(MONEY)
    sums = began.group_by("product").aggregate(
        customers=began.count().cast("int64"),
        later_cents=began.later_cents.sum().cast("int64"),
        later_baskets=began.later_baskets.sum().cast("int64"),
        squares=(money * money).sum().cast(SQUARES),
    )
    found = engine.arrow(sums.order_by("product")).to_pandas()
    return Beginnings(every["customers"], every["cents"] or 0, found)


def _followed(spend: ir.Table, follow_days: int) -> ir.Table:
    """Return customer_id, age_days of the first purchase, and what came in the days after it."""
    first = spend.group_by("customer_id").aggregate(first_days=spend.age_days.max())
    first = first.filter(first.first_days > follow_days)
    dated = spend.join(first, "customer_id")
    is_later = dated.age_days < dated.first_days
    later = dated.filter(is_later & (dated.age_days >= dated.first_days - follow_days))
    sums = later.group_by("customer_id").aggregate(
        later_cents=later.cents.sum().cast("int64"), later_baskets=later.count().cast("int64")
    )
    begun = left_join(first, sums, ["customer_id"])
    return begun.select(
        "customer_id",
        age_days=begun.first_days,
        later_cents=begun.later_cents.fill_null(0),
        later_baskets=begun.later_baskets.fill_null(0),
    )


def hooks(begun: Beginnings, min_count: int) -> pd.DataFrame:
    """Return product, customers and their later spend beside that of all, largest first.

    Args:
        begun: what `beginnings` returns.
        min_count: fewest customers that began with a product.
    """
    sums = begun.by_product
    customers, cents = sums["customers"], sums["later_cents"]
    mean = begun.later_cents / begun.customers if begun.customers else np.nan
    width = Z * _deviations(sums) / np.sqrt(customers)
    later = cents / customers
    found = pd.DataFrame(
        {
            "product": sums["product"],
            "customers": customers,
            "later_cents": later,
            "later_basket_cents": cents / sums["later_baskets"],
            "ratio": later / mean,
            "ratio_low": (later - width) / mean,
            "ratio_high": (later + width) / mean,
        }
    )
    enough = found[(customers >= min_count) & (mean > 0)]
    ordered = enough.sort_values(["ratio_low", "product"], ascending=[False, True])
    return ordered.reset_index(drop=True)


def _deviations(sums: pd.DataFrame) -> pd.Series:
    """Return the standard deviation of each product's customers, from whole sums; none of one."""
    rows = zip(sums["customers"], sums["later_cents"], sums["squares"], strict=True)
    return pd.Series([_deviation(*row) for row in rows], sums.index, dtype="float64")


def _deviation(customers: int, cents: int, squares: Decimal) -> float:
    customers, cents = int(customers), int(cents)
    if customers < 2:
        return np.nan
    around = int(squares) * customers - cents * cents
    return float(np.sqrt(around / (customers * (customers - 1))))

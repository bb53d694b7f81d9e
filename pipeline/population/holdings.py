"""What a customer holds at an as-of date, and what was held before it.

A product is held from its acquisition until it is cancelled or returned, or until the
`repurchase_days` of the product have run out since its last acquisition. Units count: of three of
which one was returned two are held.
"""

from collections.abc import Sequence

import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import (
    CANDIDATE_KEYS,
    CATEGORY_KEYS,
    CUSTOMER_KEYS,
    HOLDING_KEYS,
)
from pipeline.population.history import History
from pipeline.population.holding_periods import SECONDS_PER_DAY, holding_periods, seconds_of


def held_products(history: History) -> ir.Table:
    """Return as_of_date × customer_id × product_id held, with category, tier and held_days.

    `held_days` counts from the first known acquisition of the product.
    """
    periods = holding_periods(history)
    held = periods.filter(_is_held(periods, 0))
    held_days = held.as_of_date.delta(held.first_on, unit="day").cast("int64")
    return held.select(*HOLDING_KEYS, "category", "tier", held_days=held_days)


def held_before(history: History, lags: Sequence[int]) -> ir.Table:
    """Return as_of_date × customer_id with `held_<n>`, the products held n days before the date.

    Told by all that is known at the as-of date, in the order in which it occurred.

    Args:
        history: what was known.
        lags: days before the as-of date.
    """
    periods = holding_periods(history)
    return periods.group_by(*CUSTOMER_KEYS).aggregate(
        **{f"held_{days}": periods.count(where=_is_held(periods, days)) for days in lags}
    )


def held_categories_before(history: History, lags: ir.Table) -> ir.Table:
    """Return lag_days × customer_id × category held so long before the date, with its highest tier.

    One look from the latest date tells of all earlier ones, at a fraction of the work of a look
    from each; what was learnt late counts from when it happened.

    Args:
        history: what was known, at one date.
        lags: lag_days, one row each.
    """
    periods = holding_periods(history).cross_join(lags)
    held = periods.filter(_is_held(periods, periods.lag_days))
    return held.group_by("lag_days", "customer_id", "category").aggregate(held_tier=held.tier.max())


def _is_held(periods: ir.Table, days: int | ir.IntegerValue) -> ir.BooleanValue:
    """Say which periods have the midnight so many days before the as-of date in them."""
    then = seconds_of(periods.as_of_date) - days * SECONDS_PER_DAY
    return (periods.begun_seconds < then) & (then < periods.over_seconds)


def held_categories(held: ir.Table) -> ir.Table:
    """Return as_of_date × customer_id × category held, with the highest tier and products held.

    Args:
        held: what `held_products` returns.
    """
    return held.group_by(*CANDIDATE_KEYS).aggregate(
        held_tier=held.tier.max(), held_products=held.count()
    )


def offered_products(history: History) -> ir.Table:
    """Return as_of_date × products on offer, with all their columns.

    A product is on offer from the day of its launch until the day before its retirement.
    """
    products = history.products.cross_join(history.dates)
    launched = products.launched_on.isnull() | (products.launched_on <= products.as_of_date)
    retired = products.retired_on.notnull() & (products.retired_on <= products.as_of_date)
    return products.filter(launched & ~retired)


def available_categories(history: History) -> ir.Table:
    """Return as_of_date × category on offer, with its highest tier."""
    offered = offered_products(history)
    return offered.group_by(*CATEGORY_KEYS).aggregate(top_tier=offered.tier.max())

"""What a customer holds at an as-of date, and what was held before it.

A product is held from its acquisition until it is cancelled or returned, or until the
`repurchase_days` of the product have run out since its last acquisition.
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

SECONDS_PER_DAY = 86_400
NEVER_SECONDS = 2**53


def held_products(history: History) -> ir.Table:
    """Return as_of_date × customer_id × product_id held, with category, tier and held_days.

    `held_days` counts from the first known acquisition of the product.
    """
    events = _coded(history)
    ledger = events.group_by(*HOLDING_KEYS).aggregate(
        category=events.category.max(),
        tier=events.tier.max(),
        repurchase_days=events.repurchase_days.max(),
        last_0=_last(events, 0),
        held_days=events.age_days.max(where=events.kind == "acquired"),
    )
    return ledger.filter(_is_held(ledger, 0)).select(*HOLDING_KEYS, "category", "tier", "held_days")


def held_before(history: History, lags: Sequence[int]) -> ir.Table:
    """Return as_of_date × customer_id with `held_<n>`, the products held n days before the date.

    Told by all that is known at the as-of date, in the order in which it occurred.

    Args:
        history: what was known.
        lags: days before the as-of date.
    """
    events = _coded(history)
    ledger = events.group_by(*HOLDING_KEYS).aggregate(
        repurchase_days=events.repurchase_days.max(),
        **{f"last_{days}": _last(events, days) for days in lags},
    )
    return ledger.group_by(*CUSTOMER_KEYS).aggregate(
        **{f"held_{days}": ledger.count(where=_is_held(ledger, days)) for days in lags}
    )


def _coded(history: History) -> ir.Table:
    """Add a code that is least for the last event, and odd for an acquisition.

    What ends a product in the second of its acquisition came after it.
    """
    events = history.known("product_events")
    return events.mutate(code=2 * events.age_seconds + (events.kind == "acquired").cast("int64"))


def _last(events: ir.Table, days: int) -> ir.IntegerValue:
    """Return the code of the last event that occurred before a day so many days back."""
    return events.code.min(where=events.age_seconds > days * SECONDS_PER_DAY)


def _is_held(ledger: ir.Table, days: int) -> ir.BooleanValue:
    """Say whether the last event was an acquisition that had not run out so many days back."""
    code = ledger[f"last_{days}"]
    runs_out = ((ledger.repurchase_days + days) * SECONDS_PER_DAY).fill_null(NEVER_SECONDS)
    return ((code % 2 == 1) & (code < 2 * runs_out)).fill_null(False)


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

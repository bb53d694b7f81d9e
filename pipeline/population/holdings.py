"""What a customer holds at an as-of date.

A product is held from its acquisition until it is cancelled or returned, or until the
`repurchase_days` of the product have run out since its last acquisition.
"""

import ibis
import ibis.expr.types as ir

from pipeline.population.history import History

SECONDS_PER_DAY = 86_400


def held_products(history: History) -> ir.Table:
    """Return as_of_date × customer_id × product_id held, with category, tier and held_days.

    `held_days` counts from the first known acquisition of the product.
    """
    events = history.known("product_events")
    acquired = events.kind == "acquired"
    ledger = events.group_by("as_of_date", "customer_id", "product_id").aggregate(
        category=events.category.max(),
        tier=events.tier.max(),
        repurchase_days=events.repurchase_days.max(),
        since_acquired=events.age_seconds.min(where=acquired),
        since_ended=events.age_seconds.min(where=~acquired),
        held_days=events.age_days.max(where=acquired),
    )
    runs_out = (ledger.repurchase_days * SECONDS_PER_DAY).fill_null(_NEVER)
    is_held = (
        ledger.since_acquired.notnull()
        & (ledger.since_acquired < ledger.since_ended.fill_null(_NEVER))
        & (ledger.since_acquired < runs_out)
    )
    return ledger.filter(is_held).select(
        "as_of_date", "customer_id", "product_id", "category", "tier", "held_days"
    )


_NEVER = ibis.literal(2**53, "int64")


def held_categories(held: ir.Table) -> ir.Table:
    """Return as_of_date × customer_id × category held, with the highest tier and products held.

    Args:
        held: what `held_products` returns.
    """
    return held.group_by("as_of_date", "customer_id", "category").aggregate(
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
    return offered.group_by("as_of_date", "category").aggregate(top_tier=offered.tier.max())

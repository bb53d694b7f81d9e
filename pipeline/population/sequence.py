"""Each product event beside the one before it.

Events stand in the order in which the company learnt of them, not in that in which they occurred:
what stood before an event was known when the event was, whatever came late. So the sequence of
what is known at an as-of date is a beginning of the whole sequence, and is computed once for all
dates.
"""

import ibis
import ibis.expr.types as ir

from pipeline.population.history import History, cents
from pipeline.population.joins import left_join


def in_sequence(history: History) -> ir.Table:
    """Return the product events with their neighbours.

    Adds `gap_days` and `category_gap_days`, the days since the customer's event of the same kind
    before, of any category and of the same one; `tier_before`, `brand_before` and
    `list_cents_before` of the latter; and the product's own `list_cents`.
    """
    events = history.tables["product_events"]
    products = history.products
    products = products.select(
        "product_id",
        sequence_category=products.category,
        sequence_tier=products.tier,
        sequence_brand=products.brand,
        list_cents=cents(products.price),
    )
    rows = left_join(events, products, ["product_id"])
    known_at = ibis.greatest(ibis.coalesce(rows.known_at, rows.occurred_at), rows.occurred_at)
    rows = rows.mutate(seen_at=known_at, day=rows.occurred_at.date())
    order = [rows.seen_at, rows.occurred_at, rows.product_id]
    of_kind = ibis.window(group_by=[rows.customer_id, rows.kind], order_by=order)
    of_category = ibis.window(
        group_by=[rows.customer_id, rows.kind, rows.sequence_category], order_by=order
    )
    placed = rows.mutate(
        day_before=rows.day.lag().over(of_kind),
        category_day_before=rows.day.lag().over(of_category),
        tier_before=rows.sequence_tier.lag().over(of_category),
        brand_before=rows.sequence_brand.lag().over(of_category),
        list_cents_before=rows.list_cents.lag().over(of_category),
    )
    return placed.mutate(
        gap_days=placed.day.delta(placed.day_before, unit="day").cast("int64"),
        category_gap_days=placed.day.delta(placed.category_day_before, unit="day").cast("int64"),
    ).select(
        *events.columns,
        "list_cents",
        "gap_days",
        "category_gap_days",
        "tier_before",
        "brand_before",
        "list_cents_before",
    )

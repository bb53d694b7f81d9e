"""Candidates counted by what their customers hold and acquire: everybody, in a few hundred rows.

Whether a customer may be asked about a category, and whether the outcome comes true, depends on
three tiers alone, so that counts need no row of each customer:

    as_of_date  category  top_tier  held_tier  acquired_tier  customers
    2025-03-01  mobile    3         1          2              12
    2025-03-01  mobile    3         1                         310
    2025-03-01  mobile    3                                   4,678
"""

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CATEGORY_KEYS, CUSTOMER_KEYS
from pipeline.population.joins import left_join


def candidate_states(
    known: ir.Table, held: ir.Table, acquired: ir.Table, offered: ir.Table
) -> ir.Table:
    """Return as_of_date × category × top_tier × held_tier × acquired_tier with `customers`.

    Most customers hold and acquire nothing of a category, so that they are counted as the rest.

    Args:
        known: CUSTOMER_KEYS of everybody known at each date.
        held: CANDIDATE_KEYS and the held_tier.
        acquired: CANDIDATE_KEYS and the acquired_tier, as `acquired_tiers` returns them.
        offered: what `available_categories` returns.
    """
    touched = held.select(*CANDIDATE_KEYS).union(acquired.select(*CANDIDATE_KEYS), distinct=True)
    touched = touched.semi_join(known, CUSTOMER_KEYS)
    touched = touched.inner_join(offered, list(CATEGORY_KEYS))
    rows = left_join(left_join(touched, held, CANDIDATE_KEYS), acquired, CANDIDATE_KEYS)
    told = rows.group_by(*CATEGORY_KEYS, "top_tier", "held_tier", "acquired_tier").aggregate(
        customers=rows.count().cast("int64")
    )
    everyone = known.group_by("as_of_date").aggregate(everyone=known.count().cast("int64"))
    some = rows.group_by(*CATEGORY_KEYS).aggregate(some=rows.count().cast("int64"))
    rest = left_join(everyone.inner_join(offered, "as_of_date"), some, CATEGORY_KEYS)
    nothing = ibis.null("int64")
    rest = rest.mutate(
        held_tier=nothing,
        acquired_tier=nothing,
        customers=rest.everyone - rest.some.fill_null(0),
    )
    return told.union(rest.select(*told.columns))


def whole(total: ir.IntegerValue) -> ir.IntegerValue:
    """Return a sum as a whole number of 64 bits: DuckDB's own have 128, which no file has."""
    return total.cast("float64").cast("int64")

"""What happened after an as-of date: the labels of both models, from the ledger."""

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CUSTOMER_CATEGORY_KEYS
from pipeline.population.dates import OutcomeWindow
from pipeline.population.history import History


def acquired_tiers(history: History, window: OutcomeWindow) -> ir.Table:
    """Return as_of_date × customer_id × category acquired in the window, with the highest tier.

    The window is half-open: `[as_of + gap, as_of + gap + outcome)`. When the company learnt of an
    acquisition does not matter to what happened.
    """
    events = history.tables["product_events"]
    products = history.products.select("product_id", "category", "tier")
    acquired = events.filter(events.kind == "acquired").join(products, "product_id")
    seen = acquired.select(*CUSTOMER_CATEGORY_KEYS, "tier", "occurred_at").cross_join(history.dates)
    start = seen.as_of_date.cast("timestamp") + ibis.interval(days=window.gap_days)
    end = seen.as_of_date.cast("timestamp") + ibis.interval(days=window.end_days)
    outcomes = seen.filter((seen.occurred_at >= start) & (seen.occurred_at < end))
    return outcomes.group_by(*CANDIDATE_KEYS).aggregate(acquired_tier=outcomes.tier.max())

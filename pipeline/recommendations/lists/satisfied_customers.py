"""Satisfied customers, who may be asked for a review: no complaint, no poor survey answer."""

import ibis
import ibis.expr.types as ir

from pipeline.population.history import History

TROUBLE = ("complaint", "incident")
POOREST_GOOD = {"nps": 7, "csat": 4}
"""The lowest answer that is no complaint; an effort score says nothing of the product."""


def dissatisfied(history: History, days: int) -> ir.Table | None:
    """Return the customer_id of whom something in these days speaks against asking.

    None where the source has nothing that could.
    """
    parts: list[ir.Table] = []
    if history.has("interactions"):
        touches = history.known("interactions", days)
        parts.append(touches.filter(touches.kind.isin(TROUBLE)).select("customer_id"))
    if history.has("surveys"):
        answers = history.known("surveys")
        recent = answers.filter(answers.age_days <= days)
        for instrument, lowest in POOREST_GOOD.items():
            is_poor = (recent.instrument == instrument) & (recent.score < lowest)
            parts.append(recent.filter(is_poor).select("customer_id"))
    return ibis.union(*parts).distinct() if parts else None

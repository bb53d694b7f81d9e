"""Satisfied customers, who may be asked for a review: no complaint, no poor survey answer."""

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipeline.foundation.engines import Engine
from pipeline.population.history import History
from pipeline.recommendations.lists.assembly import Flags

TROUBLE = ("complaint", "incident")
POOREST_GOOD = {"nps": 7, "csat": 4}
"""The lowest answer that is no complaint; an effort score says nothing of the product."""


def is_satisfied(engine: Engine, history: History, customers: pd.Series, days: int) -> Flags:
    """Say of each customer id whether nothing in these days speaks against asking."""
    parts: list[ir.Table] = []
    if history.has("interactions"):
        touches = history.known("interactions")
        is_trouble = touches.kind.isin(TROUBLE) & (touches.age_days <= days)
        parts.append(touches.filter(is_trouble).select("customer_id"))
    if history.has("surveys"):
        answers = history.known("surveys")
        recent = answers.filter(answers.age_days <= days)
        for instrument, lowest in POOREST_GOOD.items():
            is_poor = (recent.instrument == instrument) & (recent.score < lowest)
            parts.append(recent.filter(is_poor).select("customer_id"))
    dissatisfied = [engine.arrow(part.distinct()).to_pandas()["customer_id"] for part in parts]
    found = pd.concat(dissatisfied) if dissatisfied else pd.Series(dtype="object")
    return np.asarray(~customers.isin(found))

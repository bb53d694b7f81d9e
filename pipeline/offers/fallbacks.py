"""Fallback channels: a customer's best channel, and those to turn to if it is full.

Another channel is of use only where each better one has a capacity, or costs more of a budget.
"""

import numpy as np
import pandas as pd

from pipeline.offers.allocation import Limits
from pipeline.offers.priority import group_codes


def keep_useful(ranked: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Return the ranked channels that an allocation within the limits could want.

    Args:
        ranked: customer_id, channel, contact_cost_cents; all of a customer together, the best
            first.
        limits: of the wave.
    """
    customers = group_codes(ranked["customer_id"])
    costs = ranked["contact_cost_cents"].to_numpy(dtype="float64")
    costs = np.zeros(len(ranked)) if limits.budget_cents is None else costs
    is_unlimited = ~ranked["channel"].isin(list(limits.channels)).to_numpy(dtype=bool)
    certain = pd.Series(np.where(is_unlimited, costs, np.inf))
    cheapest = certain.groupby(customers).cummin()
    better = cheapest.groupby(customers).shift(fill_value=np.inf)
    return ranked[costs < better.to_numpy()].reset_index(drop=True)

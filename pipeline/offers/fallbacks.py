"""Fallback channels: a customer's best channel, and those to turn to if it is full.

Another channel is of use only where each better one has a capacity, or costs more of a budget.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.offers.allocation import Limits
from pipeline.offers.priority import group_codes

Codes = npt.NDArray[np.integer]
Mask = npt.NDArray[np.bool_]


def keep_useful(ranked: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Return the ranked channels of customers that an allocation within the limits could want.

    Args:
        ranked: customer_id, channel, contact_cost_cents; all of a customer together, the best
            first.
        limits: of the wave.
    """
    is_wanted = is_useful(ranked, group_codes(ranked["customer_id"]), limits)
    return ranked[is_wanted].reset_index(drop=True)


def is_useful(ranked: pd.DataFrame, groups: Codes, limits: Limits) -> Mask:
    """Say which ranked channels an allocation within the limits could want.

    Args:
        ranked: channel, contact_cost_cents; of each group the best first.
        groups: a code for each row: the customer, or the customer's candidate.
        limits: of the wave.
    """
    costs = ranked["contact_cost_cents"].to_numpy(dtype="float64")
    costs = np.zeros(len(ranked)) if limits.budget_cents is None else costs
    is_unlimited = ~ranked["channel"].isin(list(limits.channels)).to_numpy(dtype=bool)
    certain = pd.Series(np.where(is_unlimited, costs, np.inf))
    cheapest = certain.groupby(groups).cummin()
    better = cheapest.groupby(groups).shift(fill_value=np.inf)
    return np.asarray(costs < better.to_numpy())

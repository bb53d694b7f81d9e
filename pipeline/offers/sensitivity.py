"""Ablation of the priority: the offers as they would be without each of its parts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.hand_overs.funnel_report import PrioritySensitivity
from pipeline.offers.priority import PARTS, gross, group_codes

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.floating[Any]]


def leave_parts_out(candidates: pd.DataFrame) -> Mapping[str, PrioritySensitivity]:
    """Return for each part the share of customers whose first offer would be another one without it.

    `rank_correlation` is Spearman's, of all candidates by priority with and without the part.

    Args:
        candidates: customer_id and the parts, all rows of a customer together; before contact
            costs, which are the same for all offers of a customer.
    """
    if not len(candidates):
        return {}
    customers = group_codes(candidates["customer_id"])
    full = gross(candidates, PARTS)
    best = _first_of_each(customers, full)
    order = full.rank().to_numpy()
    return {part: _compare(candidates, part, customers, best, order) for part in PARTS}


def _compare(
    candidates: pd.DataFrame, part: str, customers: Rows, best: Rows, order: Floats
) -> PrioritySensitivity:
    without = gross(candidates, [other for other in PARTS if other != part])
    changed = float(np.mean(_first_of_each(customers, without) != best))
    ranks = without.rank().to_numpy()
    is_flat = ranks.min() == ranks.max() or order.min() == order.max()
    correlation = 0.0 if is_flat else float(np.corrcoef(order, ranks)[0, 1])
    return PrioritySensitivity(
        changed_offers_share=round(changed, 6), rank_correlation=round(correlation, 6)
    )


def _first_of_each(customers: Rows, worth: pd.Series) -> Rows:
    """Return the row of the highest worth of each customer, of equal ones the first."""
    values = worth.to_numpy()
    starts = np.flatnonzero(np.r_[True, np.diff(customers) > 0])
    highest = np.flatnonzero(values == np.maximum.reduceat(values, starts)[customers])
    return highest[np.r_[True, np.diff(customers[highest]) > 0]]

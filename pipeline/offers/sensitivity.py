"""Ablation of the priority: the offers as they would be without each of its parts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.hand_overs.funnel_report import PrioritySensitivity
from pipeline.offers.priority import PARTS, gross, group_codes, tie_keys
from pipeline.statistics.within_group import best_of_each

Floats = npt.NDArray[np.floating[Any]]


def leave_parts_out(candidates: pd.DataFrame) -> Mapping[str, PrioritySensitivity]:
    """Return for each part the share of customers whose first offer would be another one without it.

    `rank_correlation` is Spearman's, of all candidates by priority with and without the part.

    Args:
        candidates: customer_id, model, category and the parts, all rows of a customer together;
            before contact costs, which are the same for all offers of a customer.
    """
    if not len(candidates):
        return {}
    full = gross(candidates, PARTS)
    customers, keys = group_codes(candidates["customer_id"]), tie_keys(candidates)
    best = best_of_each(customers, full.to_numpy(), *keys)
    order = full.rank().to_numpy()

    def compare(part: str) -> PrioritySensitivity:
        without = gross(candidates, [other for other in PARTS if other != part])
        changed = np.mean(best_of_each(customers, without.to_numpy(), *keys) != best)
        correlation = _correlate(order, without.rank().to_numpy())
        return PrioritySensitivity(
            changed_offers_share=round(float(changed), 6), rank_correlation=round(correlation, 6)
        )

    return {part: compare(part) for part in PARTS}


def _correlate(first: Floats, second: Floats) -> float:
    """Return the correlation of two sets of ranks; 0 where one of them ranks nothing."""
    is_flat = first.min() == first.max() or second.min() == second.max()
    return 0.0 if is_flat else float(np.corrcoef(first, second)[0, 1])

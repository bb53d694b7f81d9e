"""Arbitration: at most one contact option becomes each customer's offer; for the others, why not."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.offers.allocation import Allocation, Limits, allocate
from pipeline.offers.contact_options import best_of_each
from pipeline.offers.incremental_options import CONTACT_KEYS
from pipeline.offers.priority import group_codes

NOT_WORTH_IT = "no_offer_worth_its_cost"
OVER_CAPACITY = "over_capacity"
REASON = "suppression_reason"
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Settlement:
    """Who is offered what."""

    chosen: pd.DataFrame
    """CONTACT_KEYS of the offers, one row a customer, sorted by customer."""
    reasons: pd.DataFrame
    """customer_id, suppression_reason of those who have an option worth its cost, and no offer."""
    allocation: Allocation


def settle(options: pd.DataFrame, excluded: Mapping[str, str], limits: Limits) -> Settlement:
    """Decide who is offered what.

    Args:
        options: CONTACT_KEYS, priority_cents (above 0) and contact_cost_cents; each customer's
            together, the best first, and of each candidate the best channel first.
        excluded: customer_id -> the rule that compared offers and left the customer out.
        limits: capacities and budget.
    """
    customers = group_codes(options["customer_id"])
    names = pd.Index(best_of_each(options)["customer_id"])
    rules = np.asarray(names.map(excluded), dtype=object)
    rows = np.flatnonzero(pd.isna(rules)[customers])
    allowed = options.iloc[rows].reset_index(drop=True)
    allocation = allocate(allowed, limits)
    has_offer = _present(customers[rows[allocation.chosen]], len(names))
    reasons = np.where(pd.isna(rules), OVER_CAPACITY, rules)
    return Settlement(
        chosen=allowed.loc[allocation.chosen, [*CONTACT_KEYS]].reset_index(drop=True),
        reasons=pd.DataFrame({"customer_id": names, REASON: reasons})[~has_offer],
        allocation=allocation,
    )


def _present(customers: Codes, count: int) -> Mask:
    """Say of so many customers which ones come among the codes."""
    return np.bincount(customers, minlength=count) > 0

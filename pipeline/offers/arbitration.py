"""Arbitration: at most one contact option becomes each customer's offer; for the others, why not."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.keys import OFFER_KEYS
from pipeline.offers.allocation import Allocation, Limits, allocate
from pipeline.offers.contact_options import best_of_each
from pipeline.offers.priority import group_codes

NOT_WORTH_IT = "no_offer_worth_its_cost"
OVER_CAPACITY = "over_capacity"
REASON = "suppression_reason"
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Settlement:
    """Who is offered what."""

    offers: pd.DataFrame
    """OPTION, one row a customer, sorted."""
    runners_up: pd.DataFrame
    """OPTION and `position` from 2, of customers with an offer."""
    reasons: pd.Series
    """customer_id -> why there is no offer, of customers who had candidates."""
    allocation: Allocation


def settle(options: pd.DataFrame, excluded: Mapping[str, str], limits: Limits) -> Settlement:
    """Decide who is offered what.

    Args:
        options: OPTION; each customer's offers together, the best first, and of each offer the best
            channel first.
        excluded: customer_id -> the rule that compared offers and left the customer out.
        limits: capacities and budget.
    """
    customers = group_codes(options["customer_id"])
    names = pd.Index(best_of_each(options)["customer_id"])
    rules = np.asarray(names.map(excluded), dtype=object)
    is_worth = options["priority_cents"].to_numpy() > 0
    rows = np.flatnonzero(is_worth & pd.isna(rules)[customers])
    allowed = options.iloc[rows].reset_index(drop=True)
    allocation = allocate(allowed, limits)
    has_worth = _present(customers[is_worth], len(names))
    has_offer = _present(customers[rows[allocation.chosen]], len(names))
    reasons = np.where(pd.isna(rules), OVER_CAPACITY, rules)
    reasons = np.where(has_worth, reasons, NOT_WORTH_IT)
    return Settlement(
        offers=allowed[allocation.chosen].reset_index(drop=True),
        runners_up=_runners_up(allowed, allocation, has_offer[customers[rows]]),
        reasons=pd.Series(reasons, index=names, dtype="object", name=REASON)[~has_offer],
        allocation=allocation,
    )


def _present(customers: Codes, count: int) -> Mask:
    """Say of so many customers which ones come among the codes."""
    return np.bincount(customers, minlength=count) > 0


def _runners_up(allowed: pd.DataFrame, allocation: Allocation, has_offer: Mask) -> pd.DataFrame:
    """Return the offers that were not made, each on the best channel that it had."""
    is_next = np.zeros(len(allowed), dtype=bool)
    for key in OFFER_KEYS:
        is_next |= allowed[key].ne(allowed[key].shift()).to_numpy(dtype=bool)
    number = np.cumsum(is_next)
    is_made = np.isin(number, number[allocation.chosen])
    others = allowed[is_next & ~is_made & has_offer].reset_index(drop=True)
    place = others.groupby(group_codes(others["customer_id"])).cumcount() + 2
    return others.assign(position=place)

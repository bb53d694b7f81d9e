"""From candidates to at most one offer a customer: what each is worth, and who gets none, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS, OFFER_KEYS
from pipeline.offers.allocation import Allocation, Limits, allocate
from pipeline.offers.priority import group_codes, rank_within_customers

NOT_WORTH_IT = "no_offer_worth_its_cost"
OVER_CAPACITY = "over_capacity"
REASON = "suppression_reason"
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
OFFER = (
    "customer_id",
    "model",
    "category",
    "product_id",
    "propensity",
    "value_cents",
    "context",
    "lever",
    "contact_cost_cents",
    "priority_cents",
    "channel",
)


@dataclass(frozen=True)
class Settlement:
    """Who is offered what."""

    offers: pd.DataFrame
    """OFFER, one row a customer, sorted."""
    runners_up: pd.DataFrame
    """OFFER and `position` from 2, of customers with an offer."""
    reasons: pd.Series
    """customer_id -> why there is no offer, of customers who had candidates."""
    allocation: Allocation


def shortlist(candidates: pd.DataFrame, length: int) -> pd.DataFrame:
    """Keep the offers of each customer that are worth most, the best first.

    Args:
        candidates: customer_id, gross_cents, …; all of a customer together.
        length: how many.
    """
    place = rank_within_customers(candidates, candidates["gross_cents"])
    kept = np.flatnonzero(place <= length)
    customers = (
        candidates["customer_id"].iloc[kept].ne(candidates["customer_id"].iloc[kept].shift())
    )
    order = np.lexsort((place[kept], customers.cumsum().to_numpy()))
    return candidates.iloc[kept[order]].reset_index(drop=True)


def best_of_each(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the first row of each customer."""
    return rows[rows["customer_id"].ne(rows["customer_id"].shift())]


def affordable(
    permitted: pd.DataFrame, best: pd.DataFrame, costs: Mapping[str, int]
) -> pd.DataFrame:
    """Return the permitted channels that cost less than the customer's best offer is worth.

    Args:
        permitted: customer_id, channel.
        best: customer_id, gross_cents: the best offer of each customer.
        costs: cents by channel.
    """
    pairs = permitted.merge(best[["customer_id", "gross_cents"]], on="customer_id")
    pays = pairs["channel"].map(costs).astype("int64") < pairs["gross_cents"]
    return pairs.loc[pays, [*CUSTOMER_CHANNEL_KEYS]]


def charge(listed: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Return each offer on each of the customer's channels, less what the contact costs.

    On another channel than the best an offer is worth as much less as fewer are expected to take
    it up, and never more than on the best.

    Args:
        listed: customer_id, gross_cents, …
        contacts: customer_id, channel, contact_cost_cents, response; all of a customer together,
            the best first; who is not in it has no channel that the offer could pay for.
    """
    costs = contacts["contact_cost_cents"]
    of_best = costs.groupby(group_codes(contacts["customer_id"])).transform("first")
    charged = listed.merge(contacts.assign(best_cents=of_best), on="customer_id", how="left")
    on_best = charged["gross_cents"] - charged["best_cents"]
    on_this = charged["gross_cents"] * charged["response"] - charged["contact_cost_cents"]
    priority = np.minimum(on_best, on_this)
    return charged.assign(priority_cents=priority).drop(columns=["response", "best_cents"])


def settle(charged: pd.DataFrame, excluded: Mapping[str, str], limits: Limits) -> Settlement:
    """Decide who is offered what.

    Args:
        charged: OFFER; each customer's offers together, the best first, and of each offer the best
            channel first.
        excluded: customer_id -> the rule that compared offers and left the customer out.
        limits: capacities and budget.
    """
    customers = group_codes(charged["customer_id"])
    names = pd.Index(best_of_each(charged)["customer_id"])
    rules = np.asarray(names.map(excluded), dtype=object)
    is_worth = charged["priority_cents"].to_numpy() > 0
    rows = np.flatnonzero(is_worth & pd.isna(rules)[customers])
    allowed = charged.iloc[rows].reset_index(drop=True)
    allocation = allocate(allowed, limits)
    has_worth = _present(customers[is_worth], len(names))
    has_offer = _present(customers[rows[allocation.chosen]], len(names))
    reasons = np.where(pd.isna(rules), OVER_CAPACITY, rules)
    reasons = np.where(has_worth, reasons, NOT_WORTH_IT)
    return Settlement(
        offers=allowed.loc[allocation.chosen, list(OFFER)].reset_index(drop=True),
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
    others = allowed.loc[is_next & ~is_made & has_offer, list(OFFER)].reset_index(drop=True)
    place = others.groupby(group_codes(others["customer_id"])).cumcount() + 2
    return others.assign(position=place)

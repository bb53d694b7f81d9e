"""Incremental contact options: candidate × channel, weighed by what the contact changes.

priority = effect × value × context × lever − contact cost, in cents: what a contact is expected to
add, not what would happen anyway. An option stands where that is above zero at the confidence asked
for: at 0.5 its expectation decides (risk-neutral), at 0.9 nine in ten of its possible values must.

Three options of one candidate that brings 60.00 if taken up, at a confidence of 0.8 (z = 0.84):

    channel  effect  error  cost   priority  at the confidence                              stands
    email     0.004  0.002  0.01       0.23  (0.004 − 0.84 × 0.002) × 60 − 0.01 = 0.13      yes
    mail      0.015  0.004  0.75       0.15  (0.015 − 0.84 × 0.004) × 60 − 0.75 = −0.05     no
    phone     0.040  0.010  4.50      −2.10                                                 no
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm

from pipeline.foundation.contracts.keys import OFFER_KEYS
from pipeline.offers.allocation import Limits
from pipeline.offers.fallbacks import is_useful
from pipeline.offers.priority import group_codes

Ints = npt.NDArray[np.int64]
CONTACT_KEYS = (*OFFER_KEYS, "channel")
EFFECT = ("effect", "effect_error", "effect_low", "effect_high", "effect_origin")


def weigh_contacts(
    contacts: pd.DataFrame, costs: Mapping[str, int], *, confidence: float
) -> pd.DataFrame:
    """Add cost and priority to contacts: candidates on permitted channels.

    Args:
        contacts: WEIGHED, channel and EFFECT.
        costs: cents of a contact, by channel.
        confidence: from 0.5 up, with which an option must add something.

    Returns:
        The columns given, contact_cost_cents, priority_cents (at most 0 where an option does not
        stand), and `is_explorable`: the contact would pay if it caused every take-up that is
        predicted.
    """
    stake = stake_cents(contacts)
    cost = contacts["channel"].map(costs).to_numpy(np.int64)
    priority = contacts["effect"].to_numpy(np.float64) * stake - cost
    doubt = float(norm.ppf(confidence)) * contacts["effect_error"].to_numpy(np.float64) * stake
    stands = priority - doubt > 0
    return contacts.assign(
        contact_cost_cents=cost,
        priority_cents=np.where(stands, priority, np.minimum(priority, 0.0)),
        is_explorable=stands | (cost < contacts["propensity"].to_numpy(np.float64) * stake),
    )


def stake_cents(candidates: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return what each candidate brings if it is taken up: value × context × lever."""
    stake = candidates["value_cents"] * candidates["context"] * candidates["lever"]
    return np.asarray(stake, dtype=np.float64)


def number_options(
    weighed: pd.DataFrame, limits: Limits, *, candidates_each: int
) -> "pd.Series[int]":
    """Number each customer's options from 0, the best first, and those of a candidate together.

    Options are the contacts of a customer's best candidates that an allocation could want; the
    others have no number.

    Args:
        weighed: what `weigh_contacts` returns, sorted by customer, model, category and channel.
        limits: of the wave: without them no candidate needs a second channel.
        candidates_each: how many candidates of a customer compete.
    """
    candidates, customers = _candidate_codes(weighed), group_codes(weighed["customer_id"])
    priority = weighed["priority_cents"].to_numpy(np.float64)
    best = pd.Series(priority).groupby(candidates).transform("max").to_numpy()
    cost = weighed["contact_cost_cents"].to_numpy(np.int64)
    # Of equal ones the first row stays first: model, category and channel in the alphabet.
    order = np.lexsort((cost, -priority, candidates, -best, customers))
    customer, candidate = customers[order], candidates[order]
    place = _number_within(customer, np.diff(candidate, prepend=-1) != 0)
    is_listed = place < candidates_each
    order, customer, candidate = order[is_listed], customer[is_listed], candidate[is_listed]
    is_wanted = is_useful(weighed.iloc[order], candidate, limits)
    order, customer = order[is_wanted], customer[is_wanted]
    numbers = pd.Series(pd.NA, index=range(len(weighed)), dtype="Int64")
    numbers.iloc[order] = _number_within(customer, np.ones(len(order), dtype=bool))
    return numbers.set_axis(weighed.index)


def _candidate_codes(rows: pd.DataFrame) -> Ints:
    """Return 0, 0, 1, … for contacts of which those of one candidate stand together."""
    is_new = np.zeros(len(rows), dtype=bool)
    for key in OFFER_KEYS:
        is_new |= np.diff(group_codes(rows[key]), prepend=-1) != 0
    return np.cumsum(is_new) - 1


def _number_within(groups: Ints, counts: npt.NDArray[np.bool_]) -> Ints:
    """Number rows from 0 within each group, one more at each row that counts; the first one does."""
    number = np.cumsum(counts)
    starts = np.diff(groups, prepend=-1) != 0
    first = number[starts][np.cumsum(starts) - 1]
    return np.asarray(number - first, dtype=np.int64)

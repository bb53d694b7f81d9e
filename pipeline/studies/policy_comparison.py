"""Targeting policies on the same permitted contacts: what each truly earns, and what it claimed.

There are two oracles. One is free in everything that the contact policy permits. The other keeps
the candidate that the decision chose for each household, and is free in the channel and free to
leave the household alone: what knowing each effect adds to a choice of what to offer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.statistics.arrays import Ints
from pipeline.studies.policy_value import (
    Flags,
    Options,
    PolicyValue,
    mean_of,
    take_best,
    value_rows,
)

NO_CONTACT = "no contact"
PROPENSITY = "propensity"
AVERAGE = "one average effect"
AVERAGE_BY_CHANNEL = "one average effect a channel"
ESTIMATED = "estimated effect"
TOLD_BY_TRUTH = "same features, told by the truth"
TOLD_OWN = "told by the truth, same candidates"
ORACLE_OWN = "oracle, same candidates"
ORACLE = "oracle"
POLICIES = (
    NO_CONTACT,
    PROPENSITY,
    AVERAGE,
    AVERAGE_BY_CHANNEL,
    ESTIMATED,
    TOLD_OWN,
    TOLD_BY_TRUTH,
    ORACLE_OWN,
    ORACLE,
)


@dataclass(frozen=True)
class Claim:
    """What a decision said it would cause, in cents over all its offers."""

    profit: float
    low: float | None = None
    high: float | None = None
    """Of its 90% confidence interval, where it gave one."""


def compare_policies(
    options: Options,
    taken: Mapping[str, Ints],
    claims: Mapping[str, Claim],
    is_own: Flags | None = None,
) -> dict[str, Any]:
    """Return what each policy truly earns, in cents a customer who may be contacted.

    Args:
        options: the permitted contacts.
        taken: the rows that each policy takes, by POLICIES; NO_CONTACT and the oracles are added.
        claims: of policies that claim something.
        is_own: contacts about the decision's own candidates, where there is a decision.
    """
    gain = options.gain(options.true_effect)
    rows = {NO_CONTACT: np.zeros(0, dtype=np.int64), ORACLE: take_best(options, gain), **taken}
    if is_own is not None:
        rows[ORACLE_OWN] = take_best(options, np.where(is_own, gain, -np.inf))
    values = {name: value_rows(options, rows[name]) for name in POLICIES if name in rows}
    return {
        "customers": len(values[NO_CONTACT].by_customer),
        "policies": {
            name: _describe(options, value, values, claims.get(name))
            for name, value in values.items()
        },
    }


def _describe(
    options: Options, value: PolicyValue, values: Mapping[str, PolicyValue], claim: Claim | None
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "offers": value.offers,
        "profit": vars(mean_of(options, value.by_customer)),
        "by_channel": dict(value.by_channel),
    }
    if PROPENSITY in values:
        gap = value.by_customer - values[PROPENSITY].by_customer
        found["over_propensity"] = vars(mean_of(options, gap))
    if claim is not None:
        found["claim"] = _claimed(claim, value)
    return found


def _claimed(claim: Claim, value: PolicyValue) -> dict[str, Any]:
    """Return claim and truth a customer, and whether the interval held the truth."""
    count, true = len(value.by_customer), float(value.by_customer.sum())
    said: dict[str, Any] = {"profit": claim.profit / count}
    if claim.low is not None and claim.high is not None:
        is_held = claim.low <= true <= claim.high
        said |= {"low": claim.low / count, "high": claim.high / count, "held": is_held}
    return said

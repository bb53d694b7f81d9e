"""Targeting policies on the same permitted contacts: what each truly earns, and what it claimed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.statistics.arrays import Ints
from pipeline.studies.policy_value import Options, PolicyValue, mean_of, take_best, value_rows

NO_CONTACT = "no contact"
PROPENSITY = "propensity"
AVERAGE = "one average effect"
AVERAGE_BY_CHANNEL = "one average effect a channel"
ESTIMATED = "estimated effect"
TOLD_BY_TRUTH = "same features, told by the truth"
ORACLE = "oracle"
POLICIES = (
    NO_CONTACT,
    PROPENSITY,
    AVERAGE,
    AVERAGE_BY_CHANNEL,
    ESTIMATED,
    TOLD_BY_TRUTH,
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
    options: Options, taken: Mapping[str, Ints], claims: Mapping[str, Claim]
) -> dict[str, Any]:
    """Return what each policy truly earns, in cents a customer who may be contacted.

    Args:
        options: the permitted contacts.
        taken: the rows that each policy takes, by POLICIES; NO_CONTACT and ORACLE are added.
        claims: of policies that claim something.
    """
    rows = {
        NO_CONTACT: np.zeros(0, dtype=np.int64),
        ORACLE: take_best(options, options.gain(options.true_effect)),
        **taken,
    }
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

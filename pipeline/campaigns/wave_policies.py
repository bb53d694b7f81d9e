"""The value of policies on the offers of one wave: who of them to contact, and who to leave alone.

The logged decision is the draw between contact and campaign control; the offers are as they were
decided and explored. A policy says of each offer whether it is sent, before any response is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.campaigns.policy_value import (
    LoggedDecisions,
    PolicyValue,
    TargetPolicy,
    compare_policies,
    value_policy,
)
from pipeline.foundation.contracts.arms import OFFERED_ARMS, TREATED
from pipeline.statistics.arrays import Floats
from pipeline.statistics.bootstrap import Interval

Flags = npt.NDArray[np.bool_]

USED, PROPENSITY, NOBODY, NEXT = "used", "propensity", "no_contact", "next"
POLICIES: Mapping[str, str] = {
    USED: "the policy used, which contacts every offer",
    PROPENSITY: "propensity ranking, which contacts wherever propensity times value pays",
    NOBODY: "no contact",
    NEXT: "the next policy, which contacts where the effect estimated from this wave pays",
}
_FOLDS = 5


@dataclass(frozen=True)
class ValuedPolicy:
    """One policy on one wave, in cents per offered customer."""

    contacted_share: float
    profit_cents: PolicyValue
    incremental_cents: PolicyValue
    """Over no contact, on the same rows."""


def value_policies(
    outcomes: pd.DataFrame, ranked: pd.DataFrame | None, control_share: float
) -> dict[str, ValuedPolicy]:
    """Value the policy used, propensity ranking, no contact and the next policy.

    Args:
        outcomes: as `outcomes` returns them.
        ranked: as `rank_by_effect` returns them, each effect estimated without its household; None
            leaves the next policy out.
        control_share: the probability with which an offered household was left alone.

    Returns:
        By name; empty where no contact, or no control, was drawn.
    """
    drawn = outcomes[outcomes["arm"].isin(OFFERED_ARMS)]
    drawn = drawn.sort_values("customer_id", ignore_index=True)
    is_treated = (drawn["arm"] == TREATED).to_numpy()
    if not 0 < control_share < 1 or is_treated.all() or not is_treated.any():
        return {}
    households = pd.factorize(drawn["household"], sort=True)[0]
    logged = LoggedDecisions(
        drawn["profit_cents"].to_numpy(np.float64),
        np.where(is_treated, 1 - control_share, control_share),
        households,
    )
    models = _predict_arms(drawn, is_treated, households)
    sendings = _sendings(drawn, ranked)
    targets = {
        name: TargetPolicy(
            (sends == is_treated).astype(np.float64), np.where(sends, models[0], models[1])
        )
        for name, sends in sendings.items()
    }
    predicted = np.where(is_treated, models[0], models[1])
    return {
        name: ValuedPolicy(
            float(sendings[name].mean()),
            value_policy(logged, target, predicted),
            compare_policies(logged, target, targets[NOBODY], predicted),
        )
        for name, target in targets.items()
    }


def tell_policies(valued: Mapping[str, ValuedPolicy]) -> str:
    """Say what each policy would have earned over no contact, by the doubly robust estimate."""
    if not valued:
        return "Without contacts and controls no policy can be valued."
    told = [
        f"{POLICIES[name]} ({100 * one.contacted_share:.0f} in 100) "
        f"{_money(one.incremental_cents.dr)}"
        for name, one in valued.items()
        if name != NOBODY
    ]
    return (
        "Earned per offered customer over no contact, net of contact cost (doubly robust): "
        f"{'; '.join(told)}."
    )


def _sendings(drawn: pd.DataFrame, ranked: pd.DataFrame | None) -> dict[str, Flags]:
    """Return by policy which offers it sends."""
    value, cost = (
        drawn[name].to_numpy(np.float64) for name in ("value_cents", "contact_cost_cents")
    )
    everybody = np.ones(len(drawn), dtype=bool)
    sends = {
        USED: everybody,
        PROPENSITY: drawn["propensity"].to_numpy(np.float64) * value > cost,
        NOBODY: ~everybody,
    }
    if ranked is not None:
        effect = drawn["customer_id"].map(ranked.set_index("customer_id")["estimated_effect"])
        sends[NEXT] = effect.to_numpy(np.float64) * value > cost
    return sends


def _predict_arms(
    drawn: pd.DataFrame, is_treated: Flags, homes: npt.NDArray[np.integer]
) -> tuple[Floats, Floats]:
    """Return each row's predicted profit with contact and without, fitted on other households.

    By least squares on the expected value, propensity times value, within each arm.
    """
    expected = (drawn["propensity"] * drawn["value_cents"]).to_numpy(np.float64)
    design = np.column_stack([np.ones(len(drawn)), expected])
    profit = drawn["profit_cents"].to_numpy(np.float64)
    found = np.zeros((2, len(drawn)))
    for fold in range(_FOLDS):
        held_out = homes % _FOLDS == fold
        for place, arm in enumerate((is_treated, ~is_treated)):
            seen = arm & ~held_out
            slopes = np.linalg.lstsq(design[seen], profit[seen], rcond=None)[0]
            found[place, held_out] = np.einsum("ij,j->i", design[held_out], slopes)
    return found[0], found[1]


def _money(interval: Interval) -> str:
    value, low, high = (
        "–" if end is None else f"{end / 100:,.2f}"
        for end in (interval.value, interval.low, interval.high)
    )
    return f"{value} ({low} to {high})"

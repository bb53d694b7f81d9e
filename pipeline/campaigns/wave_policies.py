"""The value of policies on the offers of one wave: who of them to contact, and who to leave alone.

The logged decision is the draw of the offer, among all that could be explored, and the draw between
contact and campaign control. A policy says what it offers and whether it sends it, before any
response is known. Where the wave was sealed with its contacts, propensity ranking chooses among all
of them, and rows in which its choice was drawn stand for the others by their inverse probability;
the other policies send, or do not, what was offered.
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
    PROPENSITY: "propensity ranking, which contacts by propensity times value wherever that pays",
    NOBODY: "no contact",
    NEXT: "the next policy, which contacts where the effect estimated from this wave pays",
}
_FOLDS = 5
_CONTACT = ("model", "category", "channel")
_WORTH = ("propensity", "value_cents", "contact_cost_cents")


@dataclass(frozen=True)
class ValuedPolicy:
    """One policy on one wave, in cents per offered customer."""

    contacted_share: float
    profit_cents: PolicyValue
    incremental_cents: PolicyValue
    """Over no contact, on the same rows."""


@dataclass(frozen=True)
class _Plan:
    """What a policy would do with each row; one entry a row."""

    sends: Flags
    is_drawn: Flags
    """What was offered is what the policy offers."""
    expected: Floats
    """Propensity x value of what it offers."""


def value_policies(
    outcomes: pd.DataFrame,
    ranked: pd.DataFrame | None,
    control_share: float,
    contacts: pd.DataFrame | None = None,
) -> dict[str, ValuedPolicy]:
    """Value the policy used, propensity ranking, no contact and the next policy.

    Args:
        outcomes: as `outcomes` returns them.
        ranked: as `rank_by_effect` returns them, each effect estimated without its household; None
            leaves the next policy out.
        control_share: the probability with which an offered household was left alone.
        contacts: CONTACT_LOG; None for a wave that was sealed without.

    Returns:
        By name; empty where no contact, or no control, was drawn.
    """
    drawn = outcomes[outcomes["arm"].isin(OFFERED_ARMS)]
    drawn = drawn.sort_values("customer_id", ignore_index=True)
    is_treated = (drawn["arm"] == TREATED).to_numpy()
    if not 0 < control_share < 1 or is_treated.all() or not is_treated.any():
        return {}
    households = pd.factorize(drawn["household"], sort=True)[0]
    profit = drawn["profit_cents"].to_numpy(np.float64)
    arm = np.where(is_treated, 1 - control_share, control_share)
    outcome_model = _fit_arms(drawn, is_treated, households)
    found = {}
    for name, plan in _plans(drawn, ranked, contacts).items():
        is_other = contacts is not None and name == PROPENSITY
        offered = _offer_probability(drawn) if is_other else np.ones(len(drawn))
        logged = LoggedDecisions(profit, arm * offered, households)
        own = outcome_model.predict(_expected(drawn), is_treated)
        target, nobody = (
            TargetPolicy(
                plan.is_drawn * (sends == is_treated), outcome_model.predict(plan.expected, sends)
            )
            for sends in (plan.sends, np.zeros(len(drawn), dtype=bool))
        )
        found[name] = ValuedPolicy(
            float(plan.sends.mean()),
            value_policy(logged, target, own),
            compare_policies(logged, target, nobody, own),
        )
    return found


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


def _plans(
    drawn: pd.DataFrame, ranked: pd.DataFrame | None, contacts: pd.DataFrame | None
) -> dict[str, _Plan]:
    """Return by policy what it would do."""
    value, cost = (
        drawn[name].to_numpy(np.float64) for name in ("value_cents", "contact_cost_cents")
    )
    everybody, expected = np.ones(len(drawn), dtype=bool), _expected(drawn)
    plans = {
        USED: _Plan(everybody, everybody, expected),
        PROPENSITY: _Plan(expected > cost, everybody, expected)
        if contacts is None
        else _likeliest(drawn, contacts),
        NOBODY: _Plan(~everybody, everybody, expected),
    }
    if ranked is not None:
        effect = drawn["customer_id"].map(ranked.set_index("customer_id")["estimated_effect"])
        sends = effect.to_numpy(np.float64) * value > cost
        plans[NEXT] = _Plan(sends, everybody, expected)
    return plans


def _likeliest(drawn: pd.DataFrame, contacts: pd.DataFrame) -> _Plan:
    """Return what propensity ranking offers: the contact of the greatest propensity x value."""
    keys = ["customer_id", *_CONTACT]
    listed = pd.concat([contacts, drawn])[[*keys, *_WORTH]].drop_duplicates(keys)
    expected = (listed["propensity"] * listed["value_cents"]).astype("float64")
    gain = expected - listed["contact_cost_cents"].astype("float64")
    ordered = listed.assign(gain=gain, expected=expected).sort_values(
        ["gain", *keys], ascending=[False, *(True for _ in keys)]
    )
    best = ordered.drop_duplicates("customer_id").set_index("customer_id")
    best = best.reindex(drawn["customer_id"])
    is_drawn = np.all(
        [
            best[name].to_numpy(dtype=object) == drawn[name].to_numpy(dtype=object)
            for name in _CONTACT
        ],
        axis=0,
    )
    return _Plan(best["gain"].to_numpy() > 0, is_drawn, best["expected"].to_numpy(np.float64))


def _offer_probability(drawn: pd.DataFrame) -> Floats:
    """Return the probability that each row's offer was drawn with; 1 where none is told."""
    told = drawn["action_probability"].to_numpy(np.float64, na_value=1.0)
    return np.where(told > 0, told, 1.0)


def _expected(drawn: pd.DataFrame) -> Floats:
    return (drawn["propensity"] * drawn["value_cents"]).to_numpy(np.float64)


@dataclass(frozen=True)
class _ArmModel:
    """Profit by arm as a line on the expected value, fitted on other households."""

    lines: Floats
    """[contact or none, fold, intercept and slope]."""
    fold: npt.NDArray[np.integer]
    """Of each row."""

    def predict(self, expected: Floats, contacted: Flags) -> Floats:
        """Return each row's predicted profit."""
        line = self.lines[np.where(contacted, 0, 1), self.fold]
        return np.asarray(line[:, 0] + line[:, 1] * expected, dtype=np.float64)


def _fit_arms(drawn: pd.DataFrame, is_treated: Flags, homes: npt.NDArray[np.integer]) -> _ArmModel:
    """Fit profit within each arm by least squares on the expected value, propensity times value."""
    design = np.column_stack([np.ones(len(drawn)), _expected(drawn)])
    profit = drawn["profit_cents"].to_numpy(np.float64)
    fold = homes % _FOLDS
    lines = np.zeros((2, _FOLDS, 2))
    for held_out in range(_FOLDS):
        for place, arm in enumerate((is_treated, ~is_treated)):
            seen = arm & (fold != held_out)
            lines[place, held_out] = np.linalg.lstsq(design[seen], profit[seen], rcond=None)[0]
    return _ArmModel(lines, fold)


def _money(interval: Interval) -> str:
    value, low, high = (
        "–" if end is None else f"{end / 100:,.2f}"
        for end in (interval.value, interval.low, interval.high)
    )
    return f"{value} ({low} to {high})"

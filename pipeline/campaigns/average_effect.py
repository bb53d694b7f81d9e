"""Average treatment effect (intention to treat): plain, and adjusted by regression.

Everybody counts in the arm that the draw put them in, sent or not (intention to treat). The
adjusted estimate fits each arm's outcome on campaign and propensity by least squares and compares
what both fits say of all customers: Lin, Annals of Applied Statistics 7 (2013), which CUPED is
for one arm's slope. Intervals are those of the normal distribution, from residuals enlarged by their
leverage (HC2) and summed over households, which are drawn together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, CONTROLS, TREATED
from pipeline.statistics.arrays import Floats, dot, sum_by_code
from pipeline.statistics.bootstrap import Interval
from pipeline.statistics.normal import Z

OUTCOMES = ("take_up", "revenue_cents", "profit_cents")
_FEWEST = 20
"""Customers of each arm that a campaign needs to be a stratum of its own."""
_UNKNOWN = Interval(None, None, None)


@dataclass(frozen=True)
class Estimate:
    """Both arms' means, and how they differ."""

    treated: float | None
    control: float | None
    difference: Interval
    ratio: Interval
    """Empty unless both means are above 0."""

    @property
    def width(self) -> float:
        """Return the width of the difference's confidence interval."""
        if self.difference.low is None or self.difference.high is None:
            return float("inf")
        return self.difference.high - self.difference.low


@dataclass(frozen=True)
class AverageEffect:
    """What the treated did differently from one kind of control."""

    control: str
    outcome: str
    treated_customers: int
    control_customers: int
    raw: Estimate
    adjusted: Estimate

    @property
    def is_adjusted(self) -> bool:
        """Say whether adjusting makes the interval narrower, so that it is what counts."""
        return self.adjusted.width < self.raw.width

    @property
    def best(self) -> Estimate:
        """Return the estimate with the narrower interval."""
        return self.adjusted if self.is_adjusted else self.raw

    @property
    def total(self) -> Interval:
        """Return the difference summed over all who were treated."""
        found = self.best.difference
        ends = (found.value, found.low, found.high)
        return Interval(*(None if v is None else v * self.treated_customers for v in ends))


def compare_arms(
    outcomes: pd.DataFrame, controls: tuple[str, ...] = CONTROLS
) -> list[AverageEffect]:
    """Compare the treated with each kind of control that the wave has, outcome by outcome."""
    found = set(outcomes["arm"])
    return [
        average_effect(outcomes, control, outcome)
        for control in controls
        if {TREATED, control} <= found
        for outcome in OUTCOMES
    ]


def average_effects_by_campaign(
    outcomes: pd.DataFrame, outcome: str
) -> Mapping[str, AverageEffect]:
    """Compare the treated of each campaign with its own controls."""
    return {
        str(campaign): average_effect(rows, CAMPAIGN_CONTROL, outcome)
        for campaign, rows in outcomes.groupby("campaign")
    }


def average_effect(outcomes: pd.DataFrame, control: str, outcome: str) -> AverageEffect:
    """Compare the treated with one kind of control in one outcome."""
    rows = outcomes[outcomes["arm"].isin([TREATED, control])]
    is_treated = (rows["arm"] == TREATED).to_numpy()
    y = rows[outcome].to_numpy(np.float64)
    households = pd.factorize(rows["household"], sort=True)[0]
    raw = estimate(y, is_treated, households, np.ones((len(rows), 1)))
    adjusted = estimate(y, is_treated, households, _design(rows, is_treated, outcome))
    treated = int(is_treated.sum())
    return AverageEffect(control, outcome, treated, len(rows) - treated, raw, adjusted)


def estimate(
    outcome: Floats,
    is_treated: npt.NDArray[np.bool_],
    households: npt.NDArray[np.integer],
    design: Floats,
) -> Estimate:
    """Compare two arms at the mean of the design; a column of ones compares their plain means.

    Args:
        outcome: one number a customer.
        is_treated: the arm of each customer.
        households: whole numbers from 0; who has the same was drawn together.
        design: [customers, columns], full of rank in each arm.
    """
    if min(is_treated.sum(), (~is_treated).sum()) <= design.shape[1]:
        return Estimate(None, None, _UNKNOWN, _UNKNOWN)
    centre = design.mean(axis=0)
    influence = np.zeros((len(outcome), 2))
    means = np.empty(2)
    for place, arm in enumerate((is_treated, ~is_treated)):
        means[place], influence[arm, place] = _mean(outcome[arm], design[arm], centre)
    summed = np.column_stack([sum_by_code(households, column) for column in influence.T])
    spread = summed.T @ summed
    return Estimate(
        float(means[0]), float(means[1]), _difference(means, spread), _ratio(means, spread)
    )


def _mean(outcome: Floats, design: Floats, centre: Floats) -> tuple[float, Floats]:
    """Return what an arm's fit says at the centre, and what each customer adds to its error."""
    inverse = np.linalg.pinv(np.einsum("ij,ik->jk", design, design))
    weights = np.einsum("ij,jk->ik", design, inverse)
    coefficients = np.einsum("ij,i->j", weights, outcome)
    leverage = np.minimum(np.einsum("ij,ij->i", weights, design), 0.999)
    fitted = np.einsum("ij,j->i", design, coefficients)
    influence = np.einsum("ij,j->i", weights, centre)
    return dot(centre, coefficients), influence * (outcome - fitted) / np.sqrt(1 - leverage)


def _difference(means: Floats, spread: Floats) -> Interval:
    value = float(means[0] - means[1])
    error = float(np.sqrt(max(spread[0, 0] + spread[1, 1] - 2 * spread[0, 1], 0.0)))
    return Interval(value, value - Z * error, value + Z * error)


def _ratio(means: Floats, spread: Floats) -> Interval:
    """Return the ratio of the means with an interval that is symmetric in its logarithm."""
    if means.min() <= 0:
        return _UNKNOWN
    relative = spread / np.outer(means, means)
    error = float(np.sqrt(max(relative[0, 0] + relative[1, 1] - 2 * relative[0, 1], 0.0)))
    value = float(means[0] / means[1])
    return Interval(value, value * np.exp(-Z * error), value * np.exp(Z * error))


def _design(rows: pd.DataFrame, is_treated: npt.NDArray[np.bool_], outcome: str) -> Floats:
    """Return one column for each campaign, and one of what was expected before the wave."""
    codes = pd.factorize(rows["campaign"], sort=True)[0]
    arms = np.stack(
        [np.bincount(codes[arm], minlength=codes.max() + 1) for arm in (is_treated, ~is_treated)]
    )
    is_small = arms.min(axis=0) < _FEWEST
    codes = np.where(is_small[codes], arms.sum(axis=0).argmax(), codes)
    strata = np.unique(codes)
    expected = rows["propensity"]
    if outcome != "take_up":
        expected = expected * rows["value_cents"]
    return np.column_stack([codes[:, None] == strata, _scaled(expected.to_numpy(np.float64))])


def _scaled(values: Floats) -> Floats:
    spread = float(values.std())
    centred: Floats = values - values.mean()
    return centred / spread if spread > 0 else centred

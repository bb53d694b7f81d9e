"""Doubly robust estimates of average effects, with cluster-robust intervals.

Each is right if either nuisance model is: the outcome without treatment, or the probability of
treatment. Sampling weights enter every sum; rows of one group are summed before they are squared.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from pipeline.effects.comparison import Comparisons
from pipeline.statistics.arrays import Floats, Ints, sum_by_code


@dataclass(frozen=True)
class Estimate:
    """An effect and its standard error."""

    value: float
    error: float

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the limits of the normal confidence interval."""
        reach = float(norm.ppf((1 + confidence) / 2)) * self.error
        return self.value - reach, self.value + reach

    @property
    def is_significant(self) -> bool:
        """Say whether the 95% interval lies to one side of 0."""
        low, high = self.interval()
        return low > 0 or high < 0


def effect_on_treated(rows: Comparisons) -> Estimate:
    """Return the average effect on the treated, in units of the outcome (AIPW).

    Score: (W − (1 − W) e / (1 − e)) (Y − m0), over the weight of the treated (Robins, Rotnitzky
    and Zhao, 1994, for the treated).

    Example:
        Two treated with Y − m0 of 3 and 1, two untreated with 1 and −1, e = .5: (3 + 1 − 1 + 1) / 2
        = 2.
    """
    odds = rows.probability / (1 - rows.probability)
    contrast = rows.treated - (1 - rows.treated) * odds
    scores = contrast * (rows.outcomes - rows.baseline)
    return _ratio(scores, rows.treated, rows.weights, rows.groups)


def relative_effect(rows: Comparisons) -> Estimate:
    """Return the effect in units of p(1 − p): about the share by which the odds change.

    Solves Σ (W − e)(Y − m0 − s W v) = 0 for s, with v = p(1 − p) without treatment: g-estimation of
    a structural mean model (Robins, 1994). Rows with e near 0 or 1 hardly count.

    Example:
        e = .5, v = .1; a treated row with Y − m0 = .3 and an untreated one with .1: s =
        (.5 · .3 − .5 · .1) / (.5 · .1) = 2.
    """
    lean = rows.treated - rows.probability
    top = lean * (rows.outcomes - rows.baseline)
    bottom = lean * rows.treated * rows.variance
    return _ratio(top, bottom, rows.weights, rows.groups)


def naive_relative_effect(rows: Comparisons) -> Estimate:
    """Return treated against untreated as they stand, on the same scale: confounding and all."""
    is_treated = rows.treated == 1
    level = float(np.average(rows.outcomes[~is_treated], weights=rows.weights[~is_treated]))
    top = rows.treated * (rows.outcomes - level)
    return _ratio(top, rows.treated * level * (1 - level), rows.weights, rows.groups)


def _ratio(top: Floats, bottom: Floats, weights: Floats, groups: Ints) -> Estimate:
    """Return Σ top / Σ bottom; its error by the linearised sum of each group (sandwich)."""
    scale = float((weights * bottom).sum())
    if scale <= 0:
        return Estimate(0.0, float("inf"))
    value = float((weights * top).sum()) / scale
    codes = np.unique(groups, return_inverse=True)[1]
    by_group = sum_by_code(codes, weights * (top - value * bottom))
    return Estimate(value, float(np.sqrt((by_group**2).sum())) / scale)

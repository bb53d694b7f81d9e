"""Refutations: tests of an observational estimate that it can fail.

Each replaces the treatment or the outcome by one that no treatment can have caused, and asks for
the effect anew. What is found then is bias, for there is no effect. A failed one means that the
estimate is not used; one that shows a small bias widens the interval by it.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.stats import norm

from pipeline.effects.comparison import Comparisons
from pipeline.effects.doubly_robust import Estimate, relative_effect
from pipeline.statistics.arrays import Floats, Ints, sum_by_code

MATERIAL = 0.5
"""A placebo's effect above this share of the estimate refutes it, if it is significant."""
PERMUTATIONS = 200
"""Of 40, five are significant at 5% in one run of twenty: too few to tell of the errors."""
PLACEBO_TREATMENT = "placebo treatment, permuted within cells"
PLACEBO_OUTCOME = "placebo outcome, before the treatment"
NEGATIVE_CONTROL = "negative control, another treatment"
_QUANTILES = (np.arange(2000) + 0.5) / 2000
"""Of a half-Cauchy distribution: every one is as likely before draws have spoken."""
Verdict = Literal["passed", "failed", "says little"]


@dataclass(frozen=True)
class Refutation:
    """One test, what it found where nothing can be, and the verdict."""

    name: str
    found: Estimate
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Sensitivity:
    """How strong a hidden confounder would have to be to explain the effect away.

    Risk ratios with which it would have to be associated with treatment and outcome alike
    (VanderWeele and Ding, 2017): of the estimate, and of the limit of its interval nearer to none.
    """

    e_value: float
    e_value_of_limit: float
    measured: float
    """The risk ratio that all measured confounders together explained, for comparison."""


def judge_placebo(name: str, main: Estimate, found: Estimate) -> Refutation:
    """Return what an effect, found where there can be none, says of an estimate."""
    low, high = found.interval()
    told = f"{found.value:+.3f} ({low:+.3f} to {high:+.3f}) where there can be no effect"
    is_material = abs(found.value) > MATERIAL * abs(main.value)
    if found.is_significant and is_material:
        return Refutation(name, found, "failed", f"{told}: more than half of the estimate")
    if not found.is_significant and found.error > abs(main.value):
        return Refutation(name, found, "says little", f"{told}: too few rows to tell")
    return Refutation(name, found, "passed", told)


def permute_treatment(rows: Comparisons, main: Estimate, seed: int) -> Refutation:
    """Return the effect of treatments that are handed out anew within cells of arm and period.

    It tests the machinery: the estimator must find nothing, as often as its errors say. The rows
    of a group share their luck, as those who are treated once are treated again: errors that took
    rows for independent would be too small.
    """
    generator = np.random.default_rng(seed)
    cells = np.unique(np.column_stack([rows.arm, rows.cells]), axis=0, return_inverse=True)[1]
    level = _share_by_cell(rows, cells.ravel())
    groups = np.unique(rows.groups, return_inverse=True)[1].astype(np.int64)
    coded = replace(rows, groups=groups)
    drawn = [_permuted(coded, level, generator) for _ in range(PERMUTATIONS)]
    values = np.array([one.value for one in drawn])
    found = Estimate(float(values.mean()), float(values.std(ddof=1) / np.sqrt(PERMUTATIONS)))
    false_alarms = int(sum(one.is_significant for one in drawn))
    told = f"{false_alarms} of {PERMUTATIONS} permutations significant, mean {found.value:+.3f}"
    most = PERMUTATIONS * 0.05 + 3 * np.sqrt(PERMUTATIONS * 0.05 * 0.95)
    is_biased = abs(found.value) > max(3 * found.error, MATERIAL * abs(main.value))
    verdict: Verdict = "failed" if false_alarms > most or is_biased else "passed"
    return Refutation(PLACEBO_TREATMENT, found, verdict, told)


def sensitivity(main: Estimate, naive: Estimate) -> Sensitivity:
    """Return E-values; outcomes are taken as rare, so that odds ratios are risk ratios."""
    low, high = main.interval()
    nearest = 0.0 if low <= 0 <= high else (low if low > 0 else high)
    ratio = (1 + max(naive.value, -0.99)) / (1 + max(main.value, -0.99))
    return Sensitivity(
        round(e_value(1 + main.value), 3),
        round(e_value(1 + nearest), 3),
        round(float(max(ratio, 1 / ratio)), 3),
    )


def e_value(risk_ratio: float) -> float:
    """Return the E-value of a risk ratio: RR + √(RR (RR − 1)), of its inverse below 1.

    Example:
        A risk ratio of 2 has 2 + √2 = 3.41.
    """
    ratio = max(risk_ratio, 1e-3)
    ratio = ratio if ratio >= 1 else 1 / ratio
    return float(ratio + np.sqrt(ratio * (ratio - 1)))


def bias_of(refutations: "list[Refutation] | tuple[Refutation, ...]") -> float:
    """Return the standard deviation of bias that the placebos show beyond their own errors.

    The mean of squares less that of the variances, as negative controls calibrate an interval
    (Schuemie et al., 2014).
    """
    shown = [one.found for one in refutations if one.name != PLACEBO_TREATMENT]
    shown = [one for one in shown if np.isfinite(one.error) and one.error > 0]
    if not shown:
        return 0.0
    precision = np.array([one.error**-2 for one in shown])
    excess = np.array([one.value**2 - one.error**2 for one in shown])
    return float(np.sqrt(max(np.average(excess, weights=precision), 0.0)))


def bias_after_draws(shown: float, seen: Estimate, drawn: Estimate) -> float:
    """Return the standard deviation of bias once draws have spoken of the same treatments.

    Their difference is normal around 0, with the bias's variance beside both errors'. The bias's
    standard deviation is half-Cauchy around what was shown (Gelman, 2006): a few draws that differ
    by chance hardly change it, and many that differ overrule whatever was shown before.

    Args:
        shown: the standard deviation that placebos show.
        seen: what was observed.
        drawn: what was drawn.

    Example:
        .29 apart with errors of .036 and .141, two standard errors of a small wave: a bias of .05
        becomes .07, not the .25 that would explain all of it. With errors of .036 and .03: .24.
    """
    variance = (shown * np.tan(np.pi / 2 * _QUANTILES)) ** 2
    total = variance + seen.error**2 + drawn.error**2
    likelihood = norm.pdf(seen.value - drawn.value, scale=np.sqrt(total))
    if likelihood.sum() <= 0:
        return max(shown, abs(seen.value - drawn.value))
    return float(max(shown, np.sqrt(_median(variance, likelihood))))


def _median(values: Floats, weights: Floats) -> float:
    """Return the weighted median of rising values."""
    reached = np.cumsum(weights) / weights.sum()
    return float(values[int(np.searchsorted(reached, 0.5))])


def differ(left: Estimate, right: Estimate) -> float:
    """Return the two-sided p-value of two independent estimates being one."""
    error = float(np.hypot(left.error, right.error))
    return float(2 * norm.sf(abs(left.value - right.value) / error)) if error > 0 else 1.0


def _share_by_cell(rows: Comparisons, cells: Ints) -> Floats:
    treated = sum_by_code(cells, rows.weights * rows.treated)[cells]
    return treated / sum_by_code(cells, rows.weights)[cells]


def _permuted(rows: Comparisons, level: Floats, generator: np.random.Generator) -> Estimate:
    """Draw treatments anew with each cell's share: sampled outcomes forbid swapping.

    Args:
        rows: with dense codes as groups.
        level: share of the treated in each row's cell.
        generator: draws one number a group.
    """
    luck = generator.random(int(rows.groups.max(initial=-1)) + 1)[rows.groups]
    treated = (luck < level).astype(np.float64)
    return relative_effect(rows.treated_as(treated, level))

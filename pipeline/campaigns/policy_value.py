"""Off-policy evaluation: what another policy would have earned, from what one policy logged.

Each row is one decision: the action that was taken with a known probability, and what it earned.
Three estimators of the mean outcome under a target policy:

- IPS: outcomes weighted by the ratio of the target's probability of the logged action to the
  logging policy's (Horvitz and Thompson, JASA 47, 1952).
- SNIPS: the same over the mean ratio, which does not move with a constant added to the outcomes
  (Swaminathan and Joachims, NeurIPS 2015).
- DR: the outcome model's mean under the target, put right by the weighted residuals; consistent if
  the probabilities or the model are right (AIPW; Dudik, Langford and Li, ICML 2011).

Three rows, logged half and half, and a target that always contacts:

    contacted  probability  outcome  target's  ratio   ratio x outcome
    yes        0.5          4        1         2       8
    no         0.5          1        0         0       0
    yes        0.5          2        1         2       4

IPS is 12 / 3 = 4; the ratios add up to 4, so SNIPS is 12 / 4 = 3, the mean of the contacted.

Intervals are those of the normal distribution from influence values summed over clusters: who is
decided on together counts once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.foundation.errors import BrokenCheckError
from pipeline.statistics.arrays import Floats, sum_by_code
from pipeline.statistics.bootstrap import Interval
from pipeline.statistics.normal import Z


@dataclass(frozen=True)
class LoggedDecisions:
    """One entry a decision, as it was logged."""

    outcome: Floats
    probability: Floats
    """With which the logging policy took the action that was taken; above 0."""
    clusters: npt.NDArray[np.integer]
    """Whole numbers from 0; who has the same was decided on together."""

    def __post_init__(self) -> None:
        """Refuse probabilities that no action that was taken can have had.

        Raises:
            BrokenCheckError: a probability is not above 0 and at most 1.
        """
        if not ((self.probability > 0) & (self.probability <= 1)).all():
            raise BrokenCheckError(
                "probabilities of logged actions above 0 and at most 1",
                f"{self.probability.min():g} to {self.probability.max():g}",
                "Correct what logs the actions.",
            )


@dataclass(frozen=True)
class TargetPolicy:
    """One entry a decision: what the policy to be valued would do."""

    probability: Floats
    """With which it takes the action that was logged."""
    predicted: Floats | None = None
    """The outcome model's mean under the target; needed for DR alone."""


@dataclass(frozen=True)
class PolicyValue:
    """The mean outcome a decision under a policy, by each estimator."""

    ips: Interval
    snips: Interval
    dr: Interval
    """Empty without an outcome model."""
    effective_share: float
    """Kish's effective sample size over the number of decisions: how much the log says of it."""


def value_policy(
    logged: LoggedDecisions, target: TargetPolicy, predicted: Floats | None = None
) -> PolicyValue:
    """Estimate the mean outcome under a target policy.

    Args:
        logged: the decisions.
        target: the policy.
        predicted: the outcome model's prediction for the logged action, made without the row.
    """
    ratio = target.probability / logged.probability
    influences = _influences(logged.outcome, ratio, target, predicted)
    squared = float((ratio**2).sum())
    return PolicyValue(
        **{
            name: _interval(*influences[name], logged.clusters)
            if name in influences
            else Interval(None, None, None)
            for name in ("ips", "snips", "dr")
        },
        effective_share=float(ratio.sum()) ** 2 / squared / len(ratio) if squared else 0.0,
    )


def compare_policies(
    logged: LoggedDecisions,
    target: TargetPolicy,
    other: TargetPolicy,
    predicted: Floats | None = None,
) -> PolicyValue:
    """Estimate how much more a decision earns under the target than under another policy.

    Both are valued on the same rows, so that what moves both alike widens no interval.
    """
    ratios = [policy.probability / logged.probability for policy in (target, other)]
    one, two = (
        _influences(logged.outcome, ratio, policy, predicted)
        for ratio, policy in zip(ratios, (target, other), strict=True)
    )
    gains = {
        name: _interval(one[name][0] - two[name][0], one[name][1] - two[name][1], logged.clusters)
        for name in one
        if name in two
    }
    weight = ratios[0] - ratios[1]
    squared = float((weight**2).sum())
    nothing = Interval(None, None, None)
    return PolicyValue(
        gains.get("ips", nothing),
        gains.get("snips", nothing),
        gains.get("dr", nothing),
        float(np.abs(weight).sum()) ** 2 / squared / len(weight) if squared else 0.0,
    )


def _influences(
    outcome: Floats, ratio: Floats, target: TargetPolicy, predicted: Floats | None
) -> Mapping[str, tuple[float, Floats]]:
    """Return by estimator its value, and each row's influence on it."""
    weighted = ratio * outcome
    found: dict[str, tuple[float, Floats]] = {"ips": _of_mean(weighted)}
    if ratio.any():
        mean_ratio = float(ratio.mean())
        value = float(weighted.mean()) / mean_ratio
        found["snips"] = (value, ratio * (outcome - value) / mean_ratio)
    if predicted is not None and target.predicted is not None:
        found["dr"] = _of_mean(target.predicted + ratio * (outcome - predicted))
    return found


def _of_mean(scores: Floats) -> tuple[float, Floats]:
    value = float(scores.mean())
    return value, scores - value


def _interval(value: float, influence: Floats, clusters: npt.NDArray[np.integer]) -> Interval:
    """Return the value with its 95% confidence interval, robust to clusters."""
    sums = sum_by_code(clusters, influence)
    many = len(np.unique(clusters))
    if many < 2:
        return Interval(value, None, None)
    error = float(np.sqrt(many / (many - 1) * (sums**2).sum())) / len(influence)
    return Interval(value, value - Z * error, value + Z * error)

"""From a raw score on the log-odds scale to a probability that means what it says.

Fitted on rows that the ranking model did not see. Four ways are tried, each judged on groups it
was not fitted on; the more a way may bend, the more it must gain.
Beta calibration: Kull, Silva Filho and Flach (2017), AISTATS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from sklearn.isotonic import isotonic_regression

from pipeline.statistics.arrays import Floats, dot, exceeds_standard_error, sum_by_code
from pipeline.statistics.newton import fit_logistic, rounded

Method = Literal["none", "platt", "beta", "isotonic"]
METHODS: tuple[Method, ...] = ("none", "platt", "beta", "isotonic")  # the simplest first
FOLDS = 5
MIN_ISOTONIC_POSITIVES = 300
EDGE = 1e-6


class Calibrator(Protocol):
    """A rising curve from raw log-odds to a probability."""

    @property
    def method(self) -> Method:
        """Return how the curve was fitted."""

    def apply(self, scores: Floats) -> Floats:
        """Return the probability of each score."""

    def to_json(self) -> dict[str, Any]:
        """Return the curve as it is saved."""


@dataclass(frozen=True)
class BetaCurve:
    """p = sigmoid(a ln s - b ln(1 - s) + c), with s the uncalibrated probability.

    a = b = 1, c = 0 changes nothing; a = b is Platt's line on the log-odds scale.
    """

    method: Method
    a: float
    b: float
    c: float

    def apply(self, scores: Floats) -> Floats:
        """Return the probability of each score."""
        if self.method == "none":
            return np.asarray(expit(scores), dtype=np.float64)
        left, right = _log_sides(scores)
        return np.asarray(expit(self.a * left + self.b * right + self.c), dtype=np.float64)

    def to_json(self) -> dict[str, Any]:
        """Return the curve as it is saved."""
        return {"method": self.method, "a": self.a, "b": self.b, "c": self.c}


@dataclass(frozen=True)
class StepCurve:
    """Straight lines between the middles of the steps that isotonic regression finds."""

    scores: tuple[float, ...]
    rates: tuple[float, ...]
    method: Method = "isotonic"

    def apply(self, scores: Floats) -> Floats:
        """Return the probability of each score."""
        return np.interp(scores, self.scores, self.rates)

    def to_json(self) -> dict[str, Any]:
        """Return the curve as it is saved."""
        return {"method": self.method, "scores": list(self.scores), "rates": list(self.rates)}


IDENTITY = BetaCurve("none", 1.0, 1.0, 0.0)


@dataclass(frozen=True)
class ChosenCalibration:
    """The curve that was taken, and the held-out log loss of every one that was tried."""

    curve: Calibrator
    log_losses: Mapping[Method, float]


def from_json(saved: Mapping[str, Any]) -> Calibrator:
    """Return the curve that was saved."""
    if saved["method"] == "isotonic":
        return StepCurve(tuple(saved["scores"]), tuple(saved["rates"]))
    return BetaCurve(saved["method"], saved["a"], saved["b"], saved["c"])


def calibrate(
    scores: Floats,
    labels: npt.NDArray[Any],
    weights: Floats,
    groups: npt.NDArray[np.integer],
) -> ChosenCalibration:
    """Choose and fit a curve on rows that the ranking model did not see.

    Args:
        scores: raw log-odds.
        labels: 0 or 1.
        weights: how many rows each row stands for.
        groups: rows of one group fall into one fold.
    """
    outcomes = labels.astype(np.float64)
    tried = methods_for(outcomes)
    losses = {
        method: _held_out_losses(method, scores, outcomes, weights, groups) for method in tried
    }
    method = choose_method(losses, weights, groups)
    totals = {name: dot(loss, weights) / float(weights.sum()) for name, loss in losses.items()}
    return ChosenCalibration(fit_curve(method, scores, outcomes, weights), totals)


def fit_curve(method: Method, scores: Floats, labels: Floats, weights: Floats) -> Calibrator:
    """Fit one kind of curve."""
    if method == "none":
        return IDENTITY
    if method == "isotonic":
        return _fit_steps(scores, labels, weights)
    if method == "platt":
        return _fit_platt(scores, labels, weights)
    return _fit_beta(scores, labels, weights)


def log_losses(labels: Floats, rates: Floats) -> Floats:
    """Return the loss of each row; a certainty that fails costs about 28, not infinity.

    Where a label is a probability, that is the loss to be expected of the row.
    """
    safe = np.clip(rates, 1e-12, 1 - 1e-12)
    losses: Floats = -labels * np.log(safe) - (1 - labels) * np.log1p(-safe)
    return losses


def methods_for(labels: Floats) -> tuple[Method, ...]:
    """Leave out the curve with many steps where the positives are few."""
    return METHODS if labels.sum() >= MIN_ISOTONIC_POSITIVES else METHODS[:-1]


def _held_out_losses(
    method: Method,
    scores: Floats,
    labels: Floats,
    weights: Floats,
    groups: npt.NDArray[np.integer],
) -> Floats:
    losses = np.empty(len(labels))
    folds = groups % FOLDS
    for fold in range(FOLDS):
        held_out = folds == fold
        curve = fit_curve(method, scores[~held_out], labels[~held_out], weights[~held_out])
        losses[held_out] = log_losses(labels[held_out], curve.apply(scores[held_out]))
    return losses


def choose_method(
    losses: Mapping[Method, Floats], weights: Floats, groups: npt.NDArray[np.integer]
) -> Method:
    """Take the line if it is better than nothing, and a curve if it is better beyond doubt.

    The line takes up a base rate that has moved since the fit, as it often has; held-out loss
    alone judges it. A curve must gain more than one standard error.
    """
    chosen: Method = "platt"
    if dot(losses["none"], weights) <= dot(losses["platt"], weights):
        chosen = "none"
    for method in ("beta", "isotonic"):
        if method in losses and exceeds_standard_error(
            losses[chosen] - losses[method], weights, groups
        ):
            chosen = method
    return chosen


def _log_sides(scores: Floats) -> tuple[Floats, Floats]:
    """Return ln s and -ln(1 - s), s being the probability of each log-odds."""
    return -np.logaddexp(0.0, -scores), np.logaddexp(0.0, scores)


def _fit_platt(scores: Floats, labels: Floats, weights: Floats) -> BetaCurve:
    design = np.column_stack([scores, np.ones(len(scores))])
    slope, intercept = fit_logistic(design, labels, weights, np.array([1.0, 0.0]), precision=1.0)
    if slope <= 0:
        return _flat("platt", labels, weights)
    slope, intercept = rounded(np.array([slope, intercept]))
    return BetaCurve("platt", slope, slope, intercept)


def _fit_beta(scores: Floats, labels: Floats, weights: Floats) -> BetaCurve:
    """Fit both sides; a side that would make the curve fall is left out, as Kull et al. do."""
    sides = np.column_stack(_log_sides(scores))
    used = np.array([True, True])
    while used.any():
        design = np.column_stack([sides[:, used], np.ones(len(scores))])
        prior = np.append(np.ones(int(used.sum())), 0.0)
        found = fit_logistic(design, labels, weights, prior, precision=1.0)
        if (found[:-1] > 0).all():
            a, b = np.where(used, 1.0, 0.0)
            a, b = (a * found[0], b * found[-2])
            return BetaCurve("beta", *rounded(np.array([a, b, found[-1]])))
        used[np.flatnonzero(used)[np.argmin(found[:-1])]] = False
    return _flat("beta", labels, weights)


def _flat(method: Method, labels: Floats, weights: Floats) -> BetaCurve:
    """Return the base rate for every score: the scores say nothing, or the contrary."""
    rate = float(np.clip(dot(labels, weights) / weights.sum(), EDGE, 1 - EDGE))
    return BetaCurve(method, 0.0, 0.0, *rounded(np.array([logit(rate)])))


def _fit_steps(scores: Floats, labels: Floats, weights: Floats) -> StepCurve:
    order = np.argsort(scores, kind="stable")
    heights = isotonic_regression(labels[order], sample_weight=weights[order])
    step = np.cumsum(np.r_[False, np.diff(heights) > 0])
    size = sum_by_code(step, weights[order])
    positives = sum_by_code(step, weights[order] * labels[order])
    base_rate = dot(labels, weights) / float(weights.sum())
    # One row at the base rate keeps the first and last step from saying never or always.
    rates = np.maximum.accumulate((positives + base_rate) / (size + 1))
    middles = sum_by_code(step, weights[order] * scores[order]) / size
    return StepCurve(rounded(middles), rounded(rates))

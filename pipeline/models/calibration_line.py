"""The line through stated and observed log-odds: slope 1 and intercept 0 are a calibrated model.

A slope below 1 says that the model is too sure of its differences; an intercept below 0 that it
promises too much. Cox (1958); limits by the sandwich that keeps groups together.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from pipeline.models.bootstrap import Interval
from pipeline.models.curves import Z
from pipeline.models.examples import Floats, sum_by_code
from pipeline.models.newton import fit_logistic


@dataclass(frozen=True)
class CalibrationLine:
    """Slope and intercept; the intercept is the one at slope 1, calibration in the large."""

    slope: Interval
    intercept: Interval


def fit_line(
    propensities: Floats,
    labels: npt.NDArray[Any],
    weights: Floats,
    groups: npt.NDArray[np.integer],
) -> CalibrationLine:
    """Fit the line on rows that neither the model nor its calibration saw."""
    outcomes = labels.astype(np.float64)
    stated = np.asarray(logit(np.clip(propensities, 1e-9, 1 - 1e-9)), dtype=np.float64)
    ones = np.ones(len(stated))
    slope = _estimate(np.column_stack([stated, ones]), 0 * ones, outcomes, weights, groups)
    shift = _estimate(ones[:, None], stated, outcomes, weights, groups)
    return CalibrationLine(slope, shift)


def _estimate(
    design: Floats,
    offset: Floats,
    labels: Floats,
    weights: Floats,
    groups: npt.NDArray[np.integer],
) -> Interval:
    """Return the first coefficient with its limits; None where the curve is flat."""
    if np.ptp(design[:, 0]) == 0 and design.shape[1] > 1:
        return Interval(None, None, None)
    prior = np.zeros(design.shape[1])
    found = fit_logistic(design, labels, weights, prior, precision=1e-6, offset=offset)
    rates = expit(np.einsum("ij,j->i", design, found) + offset)
    curvature = np.einsum("ij,ik,i->jk", design, design, weights * rates * (1 - rates))
    residuals = weights * (labels - rates)
    scores = np.column_stack([sum_by_code(groups, residuals * column) for column in design.T])
    bread = np.linalg.inv(curvature + 1e-9 * np.eye(len(found)))
    spread = float(np.sqrt((bread @ (scores.T @ scores) @ bread)[0, 0]))
    value = float(found[0])
    return Interval(round(value, 6), round(value - Z * spread, 6), round(value + Z * spread, 6))

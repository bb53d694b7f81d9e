"""The line through predicted and observed log-odds: slope 1 and intercept 0 are a calibrated model.

A slope below 1 says that the model is too sure of its differences; an intercept below 0 that it
promises too much. Cox (1958). Limits from a bootstrap over groups; each draw takes one Newton step
from the fit to all rows, which is as good as fitting anew (Davison and Hinkley, 1997, 7.2.4).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from pipeline.statistics.arrays import Floats, sum_by_code
from pipeline.statistics.bootstrap import Interval, draw_matrix, interval_of
from pipeline.statistics.newton import fit_logistic

REPLICATES, SEED = 200, 0


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
    draws: Floats | None = None,
) -> CalibrationLine:
    """Fit the line on rows that neither the model nor its calibration saw.

    Args:
        propensities: predicted for each row.
        labels: 0 or 1.
        weights: how many rows each row stands for.
        groups: whose row it is, from 0 on.
        draws: replicates × groups, how often each group was drawn; 200 draws by default.
    """
    if draws is None:
        draws = draw_matrix(int(groups.max()) + 1, REPLICATES, SEED)
    outcomes = labels.astype(np.float64)
    predicted = np.asarray(logit(np.clip(propensities, 1e-9, 1 - 1e-9)), dtype=np.float64)
    ones = np.ones(len(predicted))
    rows = _LineRows(outcomes, weights, groups)
    slope = _estimate(np.column_stack([predicted, ones]), 0 * ones, rows, draws)
    shift = _estimate(ones[:, None], predicted, rows, draws)
    return CalibrationLine(slope, shift)


@dataclass(frozen=True)
class _LineRows:
    labels: Floats
    weights: Floats
    groups: npt.NDArray[np.integer]


def _estimate(design: Floats, offset: Floats, rows: _LineRows, draws: Floats) -> Interval:
    """Return the first coefficient with its limits; None where the curve is flat or one label is missing."""
    size = design.shape[1]
    if np.ptp(rows.labels) == 0 or (np.ptp(design[:, 0]) == 0 and size > 1):
        return Interval(None, None, None)
    prior = np.zeros(size)
    found = fit_logistic(design, rows.labels, rows.weights, prior, precision=1e-6, offset=offset)
    rates = np.asarray(expit(np.einsum("ij,j->i", design, found) + offset), dtype=np.float64)
    gradient = _draw_sums(design.T * (rows.weights * (rows.labels - rates)), rows.groups, draws)
    pairs = [(i, j) for i in range(size) for j in range(size)]
    products = np.stack([design[:, i] * design[:, j] for i, j in pairs])
    curvature = _draw_sums(products * (rows.weights * rates * (1 - rates)), rows.groups, draws)
    bread = curvature.reshape(-1, size, size) + 1e-9 * np.eye(size)
    steps = np.linalg.solve(bread, gradient[:, :, None])[:, 0, 0]
    return interval_of(float(found[0]), found[0] + steps)


def _draw_sums(values: Floats, groups: npt.NDArray[np.integer], draws: Floats) -> Floats:
    """Return replicates × values: the sum of each over the drawn groups."""
    of_groups = np.stack([sum_by_code(groups, one) for one in values])
    summed = np.einsum("rg,vg->rv", draws[:, : of_groups.shape[1]], of_groups)
    return np.asarray(summed, dtype=np.float64)

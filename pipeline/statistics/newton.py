"""A logistic fit of a few coefficients by Newton's method, pulled towards a prior."""

import numpy as np
from scipy.special import expit

from pipeline.statistics.arrays import Floats

MAX_STEPS = 50
TOLERANCE = 1e-9


def fit_logistic(
    design: Floats,
    labels: Floats,
    weights: Floats,
    prior: Floats,
    *,
    precision: float,
    offset: Floats | float = 0.0,
) -> Floats:
    """Return the coefficients of greatest posterior density.

    Args:
        design: rows × coefficients; an intercept is a column of ones.
        labels: 0 or 1.
        weights: how many rows each row stands for.
        prior: where the coefficients stand without data.
        precision: of the normal prior around it; 1 counts as much as a few positives.
        offset: log-odds that are given, for each row.
    """
    coefficients = prior.copy()
    for _ in range(MAX_STEPS):
        gradient, curvature = _derivatives(design, labels, weights, coefficients, offset)
        gradient -= precision * (coefficients - prior)
        curvature += precision * np.eye(len(prior))
        step = np.linalg.solve(curvature, gradient)
        # A step of more than 2 on the log-odds scale overshoots where the curve is flat.
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), TOLERANCE))
        coefficients = coefficients + step
        if np.abs(step).max() < TOLERANCE:
            break
    return coefficients


def _derivatives(
    design: Floats,
    labels: Floats,
    weights: Floats,
    coefficients: Floats,
    offset: Floats | float,
) -> tuple[Floats, Floats]:
    rates = expit(np.einsum("ij,j->i", design, coefficients) + offset)
    gradient = np.einsum("ij,i->j", design, weights * (labels - rates))
    curvature = np.einsum("ij,ik,i->jk", design, design, weights * rates * (1 - rates))
    return gradient, curvature


def rounded(values: Floats) -> tuple[float, ...]:
    """Keep six significant digits: the last bits differ between processors."""
    return tuple(float(f"{value:.6g}") for value in values)

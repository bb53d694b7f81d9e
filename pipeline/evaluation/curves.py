"""The tables behind the plots: who is reached how far down, and whether predicted rates come true."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.statistics.arrays import Floats, sum_by_code
from pipeline.statistics.normal import wilson_interval

GAIN_POINTS = 100
CALIBRATION_BINS = 20


def gain_curve(
    scores: Floats, labels: npt.NDArray[Any], weights: Floats, points: int = GAIN_POINTS
) -> pd.DataFrame:
    """Return `share` of rows from the top and `gain`, the share of positives among them.

    Along a block of equal scores the curve is a straight line, as for rows in random order.
    """
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    ends = np.flatnonzero(np.r_[ordered[1:] != ordered[:-1], True])
    rows = np.concatenate([[0.0], np.cumsum(weights[order])[ends]])
    positives = np.concatenate([[0.0], np.cumsum((weights * labels)[order])[ends]])
    shares = np.arange(points + 1) / points
    gains = np.interp(shares * rows[-1], rows, positives) / max(positives[-1], 1e-12)
    return pd.DataFrame({"share": shares.round(6), "gain": gains.round(6)})


def lift_by_decile(scores: Floats, labels: npt.NDArray[Any], weights: Floats) -> pd.DataFrame:
    """Return the response of each tenth of the rows over the base rate; decile 1 is the best."""
    gains = gain_curve(scores, labels, weights, points=10)["gain"].to_numpy()
    return pd.DataFrame({"decile": np.arange(1, 11), "lift": (np.diff(gains) * 10).round(6)})


def calibration_curve(
    propensities: Floats, labels: npt.NDArray[Any], weights: Floats
) -> pd.DataFrame:
    """Return predicted and observed rates over bins of equal count, the lowest first.

    `low` and `high` are Wilson's limits for the observed rate, rows taken as independent.
    """
    order = np.argsort(propensities, kind="stable")
    part = np.arange(len(order)) * CALIBRATION_BINS // max(len(order), 1)
    counts = sum_by_code(part, weights[order])
    predicted = sum_by_code(part, (weights * propensities)[order]) / counts
    observed = sum_by_code(part, (weights * labels)[order]) / counts
    low, high = wilson_interval(observed, counts)
    return pd.DataFrame(
        {
            "bin": np.arange(1, len(counts) + 1),
            "rows": counts.round(3),
            "propensity": predicted.round(6),
            "observed": observed.round(6),
            "low": low.round(6),
            "high": high.round(6),
        }
    )

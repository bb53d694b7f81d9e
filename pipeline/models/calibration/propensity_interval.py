"""Interval of each propensity: where the rate of customers with this score and candidate will lie.

Three things make a calibrated propensity uncertain, and in log-odds their variances add up: the
level of the segment on the day (the forecast's own uncertainty, or how far levels drift), the
calibration curve (isotonic regression on draws of customers, whatever the form of the curve in use:
a line is too sure of its ends) and how far the curve itself does not hold a date later. The last is
measured on the latest labelled rows, which the fit did not see: of each segment
and tenth, once the segment's level is taken out, outcomes O against expected E,

    E[(O - E)²] = E + E² · (a + b · z²)

where z is the distance from the centre in log-odds, a what any cell is off by, and b a slope that
is too flat or too steep (moments of an overdispersed Poisson count; McCullagh and Nelder, 1989).
One date may have had a good slope by luck, so that b is at least what slopes usually vary by.

The interval is of a rate, not of one person's own probability: what no feature tells apart is in
neither the propensity nor its interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import nnls
from scipy.special import expit, logit

from pipeline.models.calibration.curve import EDGE, fit_curve
from pipeline.models.calibration.rate_forecast import RateHistory
from pipeline.models.calibration.segment_shift import look_up_segments
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats, Ints, sum_by_code
from pipeline.statistics.bootstrap import draw_groups
from pipeline.statistics.within_group import place_within

COVERAGE = 0.9
Z = 1.644854  # 90 in 100 of a normal distribution lie within
LEAST_POSITIVES = 50
"""Of the latest labelled rows; fewer do not tell how far a curve holds."""
USUAL_SLOPE_DEVIATION = 0.05
"""Of the calibration slope from date to date in the backtests of both sources (docs/findings.md)."""
REPLICATES = 40
GRID = 101
ROUNDS = 20
TENTHS = 10


@dataclass(frozen=True)
class PropensityIntervals:
    """The variances, in log-odds, of a scorer's propensities on one day."""

    column: str
    """The text feature whose values are the segments."""
    levels: Mapping[str, float]
    """Standard deviation of each segment's level; a segment that is not there has no interval."""
    scores: Floats
    curve: Floats
    """Standard deviation of the calibration curve at each of the scores."""
    centre: float
    cell_variance: float
    slope_variance: float

    def limits(
        self, propensities: Floats, scores: Floats, features: pd.DataFrame
    ) -> tuple[Floats, Floats]:
        """Return the limits of rows that were scored; NaN where the level is not known.

        Args:
            propensities: calibrated.
            scores: raw log-odds.
            features: of the rows.
        """
        level = look_up_segments(features[self.column], self.levels, unknown=np.nan)
        odds = _log_odds(propensities)
        variance = (
            level**2
            + np.interp(scores, self.scores, self.curve) ** 2
            + self.cell_variance
            + self.slope_variance * (odds - self.centre) ** 2
        )
        reach = Z * np.sqrt(variance)
        return np.minimum(expit(odds - reach), propensities), np.maximum(
            expit(odds + reach), propensities
        )


def measure_intervals(
    scores: Floats,
    propensities: Floats,
    rows: Examples,
    *,
    column: str,
    levels: Mapping[str, float] | None,
    seed: int,
) -> PropensityIntervals | None:
    """Return the intervals that the latest labelled rows allow; None where they tell too little.

    Args:
        scores: raw log-odds of the rows.
        propensities: calibrated.
        rows: the latest labelled ones, which the fit did not see.
        column: the text feature whose values are the segments.
        levels: how uncertain each segment's level is, in log-odds; None where nothing tells.
        seed: of the draws of groups.
    """
    if levels is None or rows.positives < LEAST_POSITIVES:
        return None
    grid = np.quantile(scores, np.linspace(0, 1, GRID))
    segments = rows.features[column].astype("category").cat.codes.to_numpy().astype(np.int64)
    centre, cell, slope = _overdispersion(propensities, rows, segments)
    slope = max(slope, USUAL_SLOPE_DEVIATION**2)
    spread = _curve_deviations(scores, rows, grid, seed)
    return PropensityIntervals(column, dict(levels), grid, spread, centre, cell, slope)


def drift_deviations(history: RateHistory, windows: int) -> dict[str, float] | None:
    """Return how uncertain levels are that were found some windows ago and not forecast since.

    How far log rates move in so many windows, beyond what chance in the counts explains, once for
    all segments; and the chance in the counts of the window that they were found in.

    Args:
        history: every window that is over.
        windows: from the one the levels were found in to the one they are used for.

    Returns:
        standard deviations in log-odds by segment; None where the past is too short.
    """
    count = len(history.days)
    if count <= windows:
        return None
    logs = np.log((history.outcomes + 0.5) / np.maximum(history.rows, 0.5))
    chance = 1 / (history.outcomes + 0.5)
    asked = (history.rows[:, windows:] > 0) & (history.rows[:, :-windows] > 0)
    if not asked.any():
        return None
    moved = (logs[:, windows:] - logs[:, :-windows]) ** 2
    by_chance = chance[:, windows:] + chance[:, :-windows]
    drift = max(0.0, float((moved - by_chance)[asked].mean()))
    found_in = count - windows
    return {
        name: float(np.sqrt(drift + chance[place, found_in]))
        for place, name in enumerate(history.segments)
        if history.rows[place, found_in] > 0
    }


def _curve_deviations(scores: Floats, rows: Examples, grid: Floats, seed: int) -> Floats:
    """Return the standard deviation, in log-odds, of the curve over draws of customers."""
    labels, codes = rows.labels.astype(np.float64), np.unique(rows.groups, return_inverse=True)[1]
    drawn = [
        _log_odds(fit_curve("isotonic", scores[kept], labels[kept], weights[kept]).apply(grid))
        for times in draw_groups(int(codes.max()) + 1, REPLICATES, seed)
        for weights in [times[codes] * rows.weights]
        for kept in [np.flatnonzero(weights > 0)]
    ]
    spread: Floats = np.std(drawn, axis=0)
    return spread


def _overdispersion(
    propensities: Floats, rows: Examples, segments: Ints
) -> tuple[float, float, float]:
    """Return the centre in log-odds, the variance of any cell, and that of the slope."""
    odds, weights = _log_odds(propensities), rows.weights * propensities
    centre = float(np.average(odds, weights=weights))
    tenths = place_within(np.zeros_like(segments), propensities, rows.groups, segments).deciles - 1
    cells = segments * TENTHS + tenths
    outcomes = sum_by_code(cells, rows.weights * rows.labels)
    expected = sum_by_code(cells, weights)
    away = sum_by_code(cells, weights * (odds - centre)) / np.maximum(expected, EDGE)
    of = np.arange(len(expected)) // TENTHS
    ratio = sum_by_code(of, outcomes) / np.maximum(sum_by_code(of, expected), EDGE)
    cells_of_segment = sum_by_code(of, (expected > 0).astype(np.float64))
    expected = expected * ratio[of]
    # A segment's level was fitted to its own outcomes: one of its cells is not free.
    free = np.maximum(cells_of_segment - 1, 1.0) / np.maximum(cells_of_segment, 1.0)
    squares = (outcomes - expected) ** 2 / free[of]
    asked = expected > 0
    cell, slope = _fit_moments(squares[asked], expected[asked], away[asked] ** 2)
    return centre, cell, slope


def _fit_moments(squares: Floats, expected: Floats, away: Floats) -> tuple[float, float]:
    """Return `a` and `b`, both 0 or more, by reweighted least squares."""
    parts = np.stack([np.ones_like(away), away], axis=1)
    found: npt.NDArray[np.float64] = np.zeros(2)
    for _ in range(ROUNDS):
        variance = 2 * (expected + expected**2 * (parts @ found)) ** 2 + expected
        scale = 1 / np.sqrt(variance)
        design = parts * (expected**2 * scale)[:, None]
        found, _ = nnls(design, (squares - expected) * scale)
    return float(found[0]), float(found[1])


def _log_odds(rates: Floats) -> Floats:
    odds: Floats = logit(np.clip(rates, EDGE, 1 - EDGE))
    return odds

"""Selection of the calibration over rolling origins: fitted on one date, judged on the next.

A curve that bends, or shifts of segments, may hold on the date they were found and be gone a date
later, which is when the model scores. So both are judged there, summed over the pasts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.models.calibration.choice import CalibrationChoice, fit_calibration
from pipeline.models.calibration.curve import (
    Method,
    choose_method,
    fit_curve,
    log_losses,
    methods_for,
)
from pipeline.models.calibration.rate_forecast import RateForecast
from pipeline.models.calibration.segment_shift import carry_over
from pipeline.models.examples import Examples, apart
from pipeline.statistics.arrays import Floats, dot, exceeds_standard_error


@dataclass(frozen=True)
class ScoredPast:
    """What the core of a past said of its held-out rows and of those of the date after."""

    held_out: Examples
    held_out_scores: Floats
    later: Examples
    later_scores: Floats
    forecast: RateForecast | None
    """Of the segments' rates at the later date, as it was to be made then."""

    def losses(self, choice: CalibrationChoice, segments: str | None) -> Floats:
        """Return the loss of each later row after a calibration on the held-out rows."""
        calibration = fit_calibration(
            choice, self.held_out_scores, self.held_out, segments, self.forecast
        )
        rates = calibration.apply(self.later_scores, self.later)
        return log_losses(self.later.labels.astype(np.float64), rates)

    def lasting(self, method: Method, segments: str) -> float:
        """Return the part of the segments' shifts that came again; the core saw neither date."""
        labels = self.held_out.labels.astype(np.float64)
        curve = fit_curve(method, self.held_out_scores, labels, self.held_out.weights)
        return carry_over(
            segments,
            (self.later, curve.apply(self.later_scores)),
            (self.held_out, curve.apply(self.held_out_scores)),
        )


def choose_calibration(pasts: Sequence[ScoredPast], segments: str | None) -> CalibrationChoice:
    """Return the calibration that held a date later, summed over the pasts.

    The more a way may bend, the more it must gain: more than one standard error over groups.
    What part of the segments' shifts is kept, the agreement of each date's with the next one's
    says, not the losses: the part of least loss follows the latest month, and a season turns.

    Args:
        pasts: at least one.
        segments: a text feature whose values may each have a calibration of their own.
    """
    weights = np.concatenate([past.later.weights for past in pasts])
    groups = apart([past.later for past in pasts])
    fewest = min((past.held_out for past in pasts), key=lambda rows: rows.positives)
    by_method: dict[Method, Floats] = {
        method: _losses(pasts, CalibrationChoice(method), segments)
        for method in methods_for(fewest.labels.astype(np.float64))
    }
    method = choose_method(by_method, weights, groups)
    total = float(weights.sum())
    chosen = CalibrationChoice(
        method, log_losses={name: dot(loss, weights) / total for name, loss in by_method.items()}
    )
    if segments is None or all(past.forecast is not None for past in pasts):
        return chosen
    kept = round(float(np.mean([past.lasting(method, segments) for past in pasts])), 6)
    unmoved, moved = by_method[method], _losses(pasts, CalibrationChoice(method, kept), segments)
    pays = exceeds_standard_error(unmoved - moved, weights, groups)
    means = {"pooled": dot(unmoved, weights) / total, "shifted": dot(moved, weights) / total}
    return replace(chosen, carried_over=kept if pays else 0.0, segment_log_losses=means)


def _losses(pasts: Sequence[ScoredPast], choice: CalibrationChoice, segments: str | None) -> Floats:
    return np.concatenate([past.losses(choice, segments) for past in pasts])

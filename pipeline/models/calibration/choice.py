"""A calibration as it was chosen: a method, and how much of the segments' shifts to keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.models.calibration.curve import Calibrator, Method, fit_curve
from pipeline.models.calibration.level_shift import shift_to_forecast
from pipeline.models.calibration.rate_forecast import RateForecast
from pipeline.models.calibration.segment_shift import SegmentShifts, fit_shifts
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats


@dataclass(frozen=True)
class CalibrationChoice:
    """How scores are to become probabilities, and the log losses that said so."""

    method: Method
    carried_over: float = 0.0
    """The part of the segments' shifts that the next date shows; 0: they do not pay."""
    log_losses: Mapping[Method, float] = field(default_factory=dict)
    segment_log_losses: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Calibration:
    """The curve of all rows, and what each segment adds to it."""

    curve: Calibrator
    shifts: SegmentShifts | None

    def apply(self, scores: Floats, rows: Examples) -> Floats:
        """Return the calibrated probability of rows that were scored."""
        pooled = self.curve.apply(scores)
        return pooled if self.shifts is None else self.shifts.apply(pooled, rows.features)


def fit_calibration(
    choice: CalibrationChoice,
    scores: Floats,
    held_out: Examples,
    segments: str | None,
    forecast: RateForecast | None,
) -> Calibration:
    """Fit what was chosen on rows that the core did not see.

    Args:
        choice: made before.
        scores: raw log-odds of the rows.
        held_out: the rows.
        segments: a text feature whose values have a calibration of their own, if any has.
        forecast: of their rates; it takes the place of the shifts that the rows show.
    """
    labels = held_out.labels.astype(float)
    curve = fit_curve(choice.method, scores, labels, held_out.weights)
    pooled = curve.apply(scores)
    shifts = None
    if segments is not None and forecast is not None:
        shifts = shift_to_forecast(segments, held_out, pooled, forecast)
    elif segments is not None and choice.carried_over > 0:
        shifts = fit_shifts(segments, held_out, pooled, choice.carried_over)
    return Calibration(curve, shifts)

"""Segment calibration to a forecast: each segment's log-odds are moved to the rate it is to have.

The pool's curve says how rows of a segment differ, the forecast how high they stand together at
the date that matters. A segment that the forecast does not know stays with the pool.
"""

import numpy as np
from scipy.special import logit

from pipeline.models.calibration.curve import EDGE
from pipeline.models.calibration.rate_forecast import RateForecast
from pipeline.models.calibration.segment_shift import SegmentShifts
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats
from pipeline.statistics.newton import fit_logistic, rounded

WEAK = 1e-6
"""Precision of the prior: a rate is given, nothing is to be shrunk."""


def shift_to_forecast(
    column: str, rows: Examples, pooled: Floats, forecast: RateForecast
) -> SegmentShifts:
    """Return the shifts after which each segment's mean propensity is the rate forecast.

    Args:
        column: the text feature whose values are the segments.
        rows: as they are to be expected; their labels are not looked at.
        pooled: their propensities by the pool's curve.
        forecast: of the rates.
    """
    names = rows.features[column].astype("object").to_numpy()
    offset = np.asarray(logit(np.clip(pooled, EDGE, 1 - EDGE)), dtype=np.float64)
    known = sorted(set(names) & set(forecast.rates))
    shifts = rounded(
        np.array(
            [
                _shift(offset[names == name], rows.weights[names == name], forecast.rates[name])
                for name in known
            ]
        )
    )
    return SegmentShifts(
        column,
        dict(zip(known, shifts, strict=True)),
        {name: forecast.deviations[name] for name in known},
    )


def _shift(offset: Floats, weights: Floats, rate: float) -> float:
    ones, wanted = np.ones((len(offset), 1)), np.full(len(offset), rate)
    return float(fit_logistic(ones, wanted, weights, np.zeros(1), precision=WEAK, offset=offset)[0])

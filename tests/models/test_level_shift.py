import numpy as np
import pandas as pd
import pytest

from pipeline.models.calibration.level_shift import shift_to_forecast
from pipeline.models.calibration.rate_forecast import RateForecast
from pipeline.models.examples import Examples

FORECAST = RateForecast({"tv": 0.5, "tea": 0.2}, {"tv": 0.1, "tea": 0.3}, span=13)
ROWS = Examples(
    pd.DataFrame({"category": pd.Categorical(["tv", "tv", "fax", "tea"])}),
    np.zeros(4),
    np.array([1.0, 3.0, 1.0, 1.0]),
    np.arange(4),
)
POOLED = np.array([0.2, 0.4, 0.1, 0.2])


def test_the_weighted_mean_of_a_segment_becomes_its_forecast() -> None:
    moved = shift_to_forecast("category", ROWS, POOLED, FORECAST).apply(POOLED, ROWS.features)
    assert (moved[0] + 3 * moved[1]) / 4 == pytest.approx(0.5, abs=1e-4)


def test_rows_that_stand_at_the_forecast_stay() -> None:
    shifts = shift_to_forecast("category", ROWS, POOLED, FORECAST)
    assert shifts.shifts["tea"] == pytest.approx(0.0, abs=1e-4)
    assert shifts.deviations["tea"] == 0.3


def test_a_segment_without_a_forecast_stays_with_the_pool() -> None:
    shifts = shift_to_forecast("category", ROWS, POOLED, FORECAST)
    assert "fax" not in shifts.shifts
    assert shifts.apply(POOLED, ROWS.features)[2] == pytest.approx(0.1)

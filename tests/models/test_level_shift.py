from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.models.calibration.level_shift import shift_to_forecast
from pipeline.models.calibration.rate_forecast import ForecastTrial, RateForecast
from pipeline.models.estimators.group_rate import fit_group_rate
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import calibrate_core
from pipeline.models.scorers import load_scorer

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


def test_a_model_is_saved_at_the_levels_forecast_and_moved_later_without_a_fit(
    tmp_path: Path,
) -> None:
    rows = Examples(
        pd.DataFrame({"category": pd.Categorical(["tv"] * 100 + ["tea"] * 100)}),
        np.tile([1.0, 0.0, 0.0, 0.0, 0.0], 40),
        np.ones(200),
        np.arange(200),
    )
    core = fit_group_rate(rows, "category")
    trial = ForecastTrial(FORECAST, {"13 periods": 1.0})
    calibrate_core("it", core, rows, rows, {}, segments="category", levels=trial).save(tmp_path)
    saved = load_scorer(tmp_path)
    assert saved.follows_levels
    assert saved.propensity(rows.features)[[0, 100]] == pytest.approx([0.5, 0.2], abs=1e-4)
    later = RateForecast({"tv": 0.1, "tea": 0.3}, {"tv": 0.1, "tea": 0.1}, span=13)
    moved = saved.at_levels(rows, later)
    assert moved.propensity(rows.features)[[0, 100]] == pytest.approx([0.1, 0.3], abs=1e-4)
    assert (moved.core, moved.calibrator) == (saved.core, saved.calibrator)

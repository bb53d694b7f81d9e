"""Where each way of setting levels puts two categories that are easy to follow."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.models.calibration.rate_forecast import RateForecast, RateHistory
from pipeline.models.estimators.group_rate import fit_group_rate
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import PropensityModel, calibrate_core
from pipeline.studies.level_methods import (
    FORECAST,
    LAST_RATE,
    SHIFT,
    DatedLevels,
    compare_levels,
    levels_on,
    look_at,
)

DAY = date(2026, 3, 2)
STARTS = [DAY - timedelta(days=28 * back) for back in (4, 3, 2, 1)]
HISTORY = RateHistory(
    ("tea", "tv"),
    np.array([(day - date(1970, 1, 1)).days for day in STARTS], dtype=np.int64),
    np.full((2, 4), 999.0),
    np.array([[99.5, 99.5, 99.5, 299.5], [9.5, 9.5, 9.5, 9.5]]),
)


def rows(tea: int, tv: int, of: int = 400) -> Examples:
    names = pd.Categorical(np.repeat(["tea", "tv"], of))
    labels = np.concatenate([np.arange(of) < tea, np.arange(of) < tv]).astype(float)
    return Examples(pd.DataFrame({"category": names}), labels, np.ones(2 * of), np.arange(2 * of))


def model() -> PropensityModel:
    seen = rows(80, 40)
    return calibrate_core("it", fit_group_rate(seen, "category"), seen, seen, {})


def test_the_last_rate_is_that_of_the_last_window_that_is_over() -> None:
    found = levels_on(HISTORY, DAY, 28, "category").last
    assert found is not None
    assert found.rates == {"tea": pytest.approx(0.3), "tv": pytest.approx(0.01)}
    before = levels_on(HISTORY, DAY - timedelta(days=1), 28, "category").last
    assert before is not None
    assert before.rates["tea"] == pytest.approx(0.1)


def test_too_short_a_past_forecasts_nothing_and_none_at_all_leaves_the_shift() -> None:
    assert levels_on(HISTORY, DAY, 28, "category").forecast is None
    assert levels_on(HISTORY, STARTS[0], 28, "category") == DatedLevels("category", None, None)
    assert levels_on(None, DAY, 28, "category") == DatedLevels("category", None, None)


def test_each_method_puts_the_categories_where_it_says_and_the_nearest_wins() -> None:
    def at(tea: float, tv: float) -> RateForecast:
        return RateForecast({"tea": tea, "tv": tv}, {"tea": 0.1, "tv": 0.1}, 13)

    tested = rows(40, 120)  # rates of 0.1 and 0.3, where the model was calibrated to 0.2 and 0.1
    levels = DatedLevels("category", at(0.1, 0.3), at(0.2, 0.3))
    look = look_at(model(), levels, rows(80, 40), tested, str(DAY))
    means = {name: (said[:400].mean(), said[400:].mean()) for name, said in look.said.items()}
    assert means[FORECAST] == pytest.approx((0.1, 0.3), abs=1e-3)
    assert means[LAST_RATE] == pytest.approx((0.2, 0.3), abs=1e-3)
    assert means[SHIFT] == pytest.approx((0.2, 0.1), abs=0.02)
    dated, gaps = compare_levels([look], Resampling(50, 1))
    assert dated["cells_off"].tolist() == [0, 1, 2]
    assert dated["categories"].tolist() == [2, 2, 2]
    assert (gaps["log_loss_difference_high"] < 0).all()
    assert gaps["levels"].tolist() == [LAST_RATE, SHIFT]

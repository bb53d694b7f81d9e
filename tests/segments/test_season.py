"""A season's months are not a year; worked out by hand."""

from datetime import date, timedelta

import pandas as pd
import pytest

from pipeline.segments.horizon import ForecastDates
from pipeline.segments.season import season, tell_horizon


def dates(horizon_days: int) -> ForecastDates:
    now, step = date(2011, 12, 9), timedelta(days=horizon_days)
    return ForecastDates(now - 2 * step, now - step, now, horizon_days)


def spent(year: int, horizon: int) -> pd.DataFrame:
    return pd.DataFrame({"spend_cents_365d": [year, 0], "spend_cents_horizon": [0, horizon]})


def test_months_that_sell_half_as_much_again_a_day_count_two_thirds() -> None:
    # 36,500 in 365 days are 100 a day; 19,500 and 9,750 in 130 days 150 and 75.
    facts = {"test": spent(0, 9_750), "now": spent(36_500, 19_500)}
    found = season(facts, dates(130))
    assert found.after == pytest.approx(2 / 3)
    assert found.before == pytest.approx(4 / 3)
    told = tell_horizon(dates(130), found)
    assert "a day of these brought 1.50 times a day of the last 365" in told
    assert "Not every season" not in told


def test_with_under_a_year_of_history_the_seasons_not_seen_are_said() -> None:
    facts = {"test": spent(0, 3_000), "now": spent(18_000, 3_000)}  # 60 days of 240
    found = season(facts, dates(60))
    assert found.year_days == 240
    assert found.after == pytest.approx(1.5)  # 75 a day of 240 days, 50 of the last 60
    assert "Not every season has been seen" in tell_horizon(dates(60), found)


def test_a_whole_year_and_no_spend_need_no_ratio() -> None:
    assert season({"test": spent(1, 2), "now": spent(3, 4)}, dates(365)).after == 1.0
    assert season({"test": spent(0, 0), "now": spent(0, 0)}, dates(100)).before == 1.0

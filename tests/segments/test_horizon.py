"""The dates at which forecasts are tried."""

from datetime import date

import pandas as pd
import pytest

from pipeline.foundation.errors import DataError
from pipeline.segments.horizon import first_full_day, forecast_dates


def test_a_long_history_allows_a_year() -> None:
    found = forecast_dates(date(2020, 1, 1), date(2025, 1, 1))
    assert found.horizon_days == 365
    assert found.dates == (date(2023, 1, 2), date(2024, 1, 2), date(2025, 1, 1))


def test_a_short_history_allows_half_of_what_lies_beyond_the_first_months() -> None:
    found = forecast_dates(
        date(2024, 1, 1), date(2024, 12, 26)
    )  # 360 days, 120 of them to look back on
    assert found.horizon_days == 120
    assert found.train == date(2024, 4, 30)


def test_too_short_a_history_is_refused() -> None:
    with pytest.raises(DataError, match="at least 148 days of history"):
        forecast_dates(date(2024, 1, 1), date(2024, 5, 1))


def test_a_few_old_events_do_not_begin_the_ledger() -> None:
    days = pd.DataFrame(
        {
            "day": [date(2020, 5, 1), *pd.date_range("2024-01-01", periods=30).date],
            "events": [1, *[100] * 30],
        }
    )
    assert first_full_day(days) == date(2023, 12, 27)  # the first week with a fifth of a usual day

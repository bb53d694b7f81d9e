"""The horizon over which a forecast can be tested out of time: three as-of dates, as far apart."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from pipeline.foundation.errors import DataError

YEAR_DAYS = 365
HISTORY_DAYS = 120
"""What the earliest date must have behind it."""
SHORTEST_DAYS = 14


@dataclass(frozen=True)
class ForecastDates:
    """The dates from which an estimator learns, is tested, and forecasts."""

    train: date
    test: date
    now: date
    horizon_days: int

    @property
    def dates(self) -> tuple[date, date, date]:
        """Return the three dates, oldest first."""
        return self.train, self.test, self.now


def first_full_day(days: pd.DataFrame) -> date:
    """Return the day from which the ledger is full: the first with a fifth of a usual day's events.

    What customers held before the ledger began stands in a few old events; a week smooths them.

    Args:
        days: day and events, sorted by day.
    """
    dated = days.set_index(pd.to_datetime(days["day"]))["events"].asfreq("D", fill_value=0)
    weekly = dated[::-1].rolling(7, min_periods=1).mean()[::-1]  # the week that begins on the day
    full = weekly >= dated[dated > 0].median() / 5
    return pd.Timestamp(full.index[int(full.to_numpy().argmax())]).date()


def forecast_dates(first_day: date, as_of_date: date) -> ForecastDates:
    """Return the dates with the longest horizon that fits, a year at most.

    Raises:
        DataError: the history is too short for any.
    """
    available = (as_of_date - first_day).days - HISTORY_DAYS
    horizon = min(YEAR_DAYS, available // 2)
    if horizon < SHORTEST_DAYS:
        raise DataError(
            f"at least {HISTORY_DAYS + 2 * SHORTEST_DAYS} days of history for a forecast",
            f"{(as_of_date - first_day).days}, from {first_day} to {as_of_date}",
            "Bring more history, or a later snapshots.scoring_as_of_date.",
        )
    step = timedelta(days=horizon)
    return ForecastDates(as_of_date - 2 * step, as_of_date - step, as_of_date, horizon)

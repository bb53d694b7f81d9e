"""The company's time: whole seconds since START, in periods of 28 days.

The records end in the morning after the last whole period, so that the latest day with a product
event is the start of a period, as is every day a multiple of 28 before it.
"""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa

from pipeline.sources.simulated.arrays import Codes, Flags, Whole

START = date(2023, 7, 3)
DAY = 86_400
PERIOD_DAYS = 28
PERIOD = PERIOD_DAYS * DAY
MORNING = 10 * 3600
NEVER = np.iinfo(np.int64).min
"""An empty moment."""

_START_EPOCH = int(datetime(START.year, START.month, START.day, tzinfo=UTC).timestamp())
# Shares of a day's events by hour, 0 to 23.
_HOURS = np.array(
    [1, 1, 1, 1, 1, 2, 4, 8, 12, 15, 17, 17, 16, 14, 14, 15, 17, 19, 21, 20, 16, 11, 6, 3]
)


def start_of(period: int) -> int:
    """Return the second at which a period starts."""
    return period * PERIOD


def date_of(period: int) -> date:
    """Return the day on which a period starts."""
    return START + timedelta(days=period * PERIOD_DAYS)


def end_of_records(periods: int) -> int:
    """Return the second at which the extract was made: on the morning after the last period."""
    return start_of(periods) + MORNING


def draw_moments(rng: np.random.Generator, period: int, count: int) -> Whole:
    """Draw moments inside a period: any day, mostly in waking hours."""
    hour_of = np.repeat(np.arange(24), _HOURS)
    days = rng.integers(0, PERIOD_DAYS, count)
    hours = hour_of[rng.integers(0, len(hour_of), count)]
    return start_of(period) + days * DAY + hours * 3600 + rng.integers(0, 3600, count)


def day_of(moments: Whole) -> Whole:
    """Return the whole days from START to each moment; the first day is 0."""
    return moments // DAY


def to_moments(seconds: Whole) -> pa.Array:
    """Return moments as UTC timestamps; NEVER is empty."""
    empty = seconds == NEVER
    microseconds = (np.where(empty, 0, seconds) + _START_EPOCH) * 1_000_000
    return pa.array(microseconds, pa.int64(), mask=empty).cast(pa.timestamp("us"))


def to_dates(days: Codes, *, empty: Flags | None = None) -> pa.Array:
    """Return whole days from START as dates; rows where `empty` is true are empty."""
    epoch_days = (np.asarray(days) + _START_EPOCH // DAY).astype(np.int32)
    return pa.array(epoch_days, pa.int32(), mask=empty).cast(pa.date32())

"""Which days the data cover, told from the product events alone: there is no clock.

A few events of the year 2099 must not move the end of the data, yet the last day may be a Sunday,
or cut off at noon, or the first of a new season. So coverage is the unbroken stretch of busy days
around the day of the median event, where "unbroken" is measured by the business's own silences.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.tables import PRODUCT_EVENTS, Table

BUSY_SHARE = 0.05
"""A busy day has at least this share of the median day's events."""
OWN_SHARE = 0.05
"""A silence is the business's own when this share of all events lies on either side of it."""
SHORTEST_ALLOWED_DAYS = 28
LONGEST_ALLOWED_DAYS = 3 * 366
"""No business is silent for so long; what comes after it is a mistyped year."""
TRAILING_DAYS = 7
"""A slow day, or one cut short, still counts when it follows a busy one so closely."""

_Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Coverage:
    """The days from which features and labels may be taken."""

    start: date
    """The first day of the unbroken stretch. Earlier rows are old facts, and stay."""
    end: date
    """The last day with product events that can be believed."""
    allowed_days: int
    """How long the business may be silent; other tables may run on for so long after `end`."""

    @property
    def latest(self) -> date:
        """Return the last day that a fact of a table other than the product events may bear."""
        return self.end + timedelta(days=self.allowed_days)


def cover(daily: pd.DataFrame) -> Coverage | None:
    """Find the stretch of days that the product events cover.

    Args:
        daily: `day` (date) and `events` (count, at least 1), one row per day with events.

    Returns:
        The coverage, or nothing when there are no events.
    """
    if daily.empty:
        return None
    ordered = daily.sort_values("day")
    days = _day_numbers(ordered["day"])
    events = ordered["events"].to_numpy(np.int64)
    busy = events >= max(1.0, BUSY_SHARE * float(np.median(events)))
    allowed = _allowed_days(days[busy], events[busy])
    first, last = _stretch(days[busy], events[busy], allowed)
    covered = days[(days >= first) & (days <= last + TRAILING_DAYS)]
    return Coverage(_to_date(first), _to_date(covered[-1]), allowed)


def last_day(table: Table, coverage: Coverage | None) -> date | None:
    """Return the last day that a moment of the table may lie in.

    The product events define the coverage and end with it. Other tables may run on, since they
    may be extracted later, by as long as the business may be silent.
    """
    if coverage is None:
        return None
    return coverage.end if table.name == PRODUCT_EVENTS.name else coverage.latest


def end_of(day: date) -> datetime:
    """Return the first moment that no longer belongs to a day."""
    return datetime.combine(day, time()) + timedelta(days=1)


def _allowed_days(days: _Integers, events: _Integers) -> int:
    """Return twice the longest silence of the business's own, within the fixed bounds.

    Silences near the ends do not count, since a few mistyped dates would make them. A shop that
    sells from November to March is silent for seven months, a quarterly biller for three.
    """
    before = np.cumsum(events)[:-1]
    least = OWN_SHARE * events.sum()
    is_own = (before >= least) & (events.sum() - before >= least)
    longest = int(np.diff(days)[is_own].max(initial=0))
    return min(max(2 * longest, SHORTEST_ALLOWED_DAYS), LONGEST_ALLOWED_DAYS)


def _stretch(days: _Integers, events: _Integers, allowed: int) -> tuple[int, int]:
    """Walk from the median event's day in both directions until a silence is too long."""
    middle = int(np.searchsorted(np.cumsum(events), events.sum() / 2))
    breaks = np.flatnonzero(np.diff(days) > allowed)
    earlier, later = breaks[breaks < middle], breaks[breaks >= middle]
    first = days[earlier[-1] + 1] if len(earlier) else days[0]
    last = days[later[0]] if len(later) else days[-1]
    return int(first), int(last)


def _day_numbers(days: "pd.Series[Any]") -> _Integers:
    stamps = pd.to_datetime(days).to_numpy("datetime64[D]")
    return cast(_Integers, stamps.astype(np.int64))


def _to_date(day: int | np.int64) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day))

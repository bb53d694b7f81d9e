"""Which days the data cover, told from the product events alone: there is no clock.

A few events of the year 2099 must not move the end of the data, yet the last day may be a Sunday,
or cut off at noon, or the first of a new season. So coverage is the unbroken stretch of busy days
around the day of the median event, where "unbroken" is measured by the business's own silences.

Renewals are booked ahead, day after day past the export, and are no silence. They are known by what is
missing among them: nobody books ahead a customer's first event of a product. Where those cease while
other events go on, the data end. Few customers may not show it; then `validate.exported_on` says it.
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
LEAST_FIRSTS = 10
"""So many first events must have been due, by the days and by the events, for their absence to count."""
BOOKED_AHEAD = 0.1
"""At most this part of the first events that were due: the rest of the days is booked ahead."""
LONGEST_BOOKED_DAYS = 400
LONGEST_SILENCE = 1 / 3
"""Of the days booked ahead: no silence of first events before them may be longer."""
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
    exported_on: date | None = None
    """The day of the export, if somebody has said it."""

    @property
    def latest(self) -> date:
        """Return the last day that a fact of a table other than the product events may bear."""
        return self.exported_on or self.end + timedelta(days=self.allowed_days)


def cover(daily: pd.DataFrame, exported_on: date | None = None) -> Coverage | None:
    """Find the stretch of days that the product events cover.

    Args:
        daily: `day` (date), `events` (count, at least 1) and, if known, of these the `firsts`,
            customers' first events of a product; one row per day with events.
        exported_on: no day after it is covered; None: it is told from the events.

    Returns:
        The coverage, or nothing when there are no events.
    """
    if daily.empty:
        return None
    ordered = daily.sort_values("day")
    if exported_on is not None:
        ordered = ordered[pd.to_datetime(ordered["day"]) <= pd.Timestamp(exported_on)]
    if ordered.empty:
        return None
    days = _day_numbers(ordered["day"])
    events = ordered["events"].to_numpy(np.int64)
    busy = events >= max(1.0, BUSY_SHARE * float(np.median(events)))
    allowed = _allowed_days(days[busy], events[busy])
    first, last = _stretch(days[busy], events[busy], allowed)
    is_covered = (days >= first) & (days <= last + TRAILING_DAYS)
    end = int(days[is_covered][-1])
    if "firsts" in ordered and exported_on is None:
        firsts = ordered["firsts"].to_numpy(np.int64)[is_covered]
        end = _before_bookings(days[is_covered], events[is_covered], firsts)
    return Coverage(_to_date(first), _to_date(end), allowed, exported_on)


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


def _before_bookings(days: _Integers, events: _Integers, firsts: _Integers) -> int:
    """Return the last day before those that hold bookings ahead alone, the last day if none do.

    Every possible length of such a rest is held against as many days before it. The break is where
    a change of the rate of first events is likeliest (the ratio of two Poisson rates to one).
    """
    span = int(days[-1] - days[0]) + 1
    running = np.zeros((2, span + 1))
    for row, counts in enumerate((events, firsts)):
        running[row, 1:] = np.bincount(days - days[0], weights=counts, minlength=span).cumsum()
    length = np.arange(1, min(span // 2, LONGEST_BOOKED_DAYS) + 1)
    (all_after, after), (all_before, before) = (
        running[:, [span]] - running[:, span - length],
        running[:, span - length] - running[:, span - 2 * length],
    )
    due = np.minimum(before, before * all_after / np.maximum(all_before, 1))
    is_rest = (due >= LEAST_FIRSTS) & (after <= BOOKED_AHEAD * due)
    if not is_rest.any():
        return int(days[-1])
    mean = (before + after) / 2
    likelihood = _log_likelihood(before, before) + _log_likelihood(after, after)
    likelihood -= _log_likelihood(before + after, mean)
    best = int(length[is_rest][np.argmax(likelihood[is_rest])])
    at_work = days[(firsts > 0) & (days <= days[-1] - best) & (days > days[-1] - 2 * best)]
    silences = np.diff([*at_work, days[-1] - best])
    if silences.max(initial=0) > LONGEST_SILENCE * best:
        return int(days[-1])  # firsts had been rare before: everybody has what there is
    return int(days[days <= days[-1] - best][-1])


def _log_likelihood(
    counts: npt.NDArray[np.float64], rate: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    return counts * np.log(np.where(counts > 0, rate, 1))


def _day_numbers(days: "pd.Series[Any]") -> _Integers:
    stamps = pd.to_datetime(days).to_numpy("datetime64[D]")
    return cast(_Integers, stamps.astype(np.int64))


def _to_date(day: int | np.int64) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day))

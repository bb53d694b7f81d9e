"""The company's local time: what the clocks there are off UTC, moment by moment."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

_MINUTES_OF_WEEK = 7 * 24 * 60
Offset = tuple[datetime, int]
"""From which UTC moment on, without a zone, the clocks are so many minutes ahead of UTC."""


def offsets(timezone: str, day: date, days: int) -> list[Offset]:
    """Return the offsets of a time zone over some days before a day, the earliest first.

    Europe/Madrid has two changes a year: 60 minutes in winter, 120 in summer. Found hour by hour,
    since no zone changes its clocks twice in one.
    """
    zone = ZoneInfo(timezone)
    end = datetime.combine(day, time(), UTC)
    hours = [end - timedelta(hours=back) for back in range(24 * (days + 1), -1, -1)]
    found: list[Offset] = []
    for hour in hours:
        minutes = round((hour.astimezone(zone).utcoffset() or timedelta()).total_seconds() / 60)
        if not found or found[-1][1] != minutes:
            found.append((hour.replace(tzinfo=None), minutes))
    return found


def hour_of_week(moment: ir.TimestampValue, changes: Sequence[Offset]) -> ir.IntegerValue:
    """Return the local hour of the week, 0 is Monday at midnight.

    Args:
        moment: UTC.
        changes: as `offsets` returns them; before the first its own offset holds.
    """
    minute = moment.date().day_of_week.index() * 1440 + moment.hour() * 60 + moment.minute()
    later = [(moment >= ibis.literal(since), ahead) for since, ahead in reversed(changes[1:])]
    ahead = ibis.cases(*later, else_=changes[0][1]) if later else ibis.literal(changes[0][1])
    local = (minute + ahead + _MINUTES_OF_WEEK) % _MINUTES_OF_WEEK
    return (local // 60).cast("int16")

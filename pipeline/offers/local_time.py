"""Local time by customer: what the clocks where each lives are off UTC, moment by moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from pipeline.foundation.config import TimeZones
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import did_you_mean

_MINUTES_OF_WEEK = 7 * 24 * 60
Offset = tuple[datetime, int]
"""From which UTC moment on, without a zone, the clocks are so many minutes ahead of UTC."""


@dataclass(frozen=True)
class Clocks:
    """What the clocks of all customers are off UTC over the same days."""

    default: Sequence[Offset]
    attribute: str | None = None
    """Column of customers that says where each lives; None where all share the default."""
    places: Mapping[str, Sequence[Offset]] = field(default_factory=dict)
    """Its value -> the clocks there; whoever has another value or none has the default."""


def read_clocks(zones: TimeZones, day: date, days: int) -> Clocks:
    """Return the clocks of all customers over some days before a day."""
    places = {place: offsets(zone, day, days) for place, zone in sorted(zones.zones.items())}
    return Clocks(offsets(zones.default, day, days), zones.attribute, places)


def unused_places(engine: Engine, people: ir.Table, zones: TimeZones) -> list[str]:
    """Return a sentence for each place with a zone in which no customer lives, by name.

    Args:
        engine: looks where customers live.
        people: customers with their attributes.
        zones: `decide.timezone`.
    """
    if zones.attribute is None:
        return []
    places = engine.arrow(people.select(place=zones.attribute).distinct())["place"]
    lived_in = set(places.drop_null().to_pylist())
    return [
        f"decide.timezone: no customer has {zones.attribute} {place!r}, so that nobody lives by the clocks of "
        f"{zone}. {did_you_mean(place, sorted(lived_in))}".rstrip()
        for place, zone in sorted(zones.zones.items())
        if place not in lived_in
    ]


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


def hour_of_week_there(
    moment: ir.TimestampValue, place: ir.StringValue, clocks: Clocks
) -> ir.IntegerValue:
    """Return the hour of the week by the clocks of a place, 0 is Monday at midnight.

    Args:
        moment: UTC.
        place: value of the customers' attribute; may be empty.
        clocks: of all places.
    """
    there = [(place == name, hour_of_week(moment, known)) for name, known in clocks.places.items()]
    return ibis.cases(*there, else_=hour_of_week(moment, clocks.default))

"""Visits and contacts over all channels: how, how often, with what trouble."""

import ibis
import ibis.expr.types as ir

from pipeline.features.families.channel_interactions.declare import FEATURES
from pipeline.features.feature import KEYS, YEAR_DAYS
from pipeline.features.view import View
from pipeline.features.window_expressions import among, mark, ratio, within
from pipeline.population.joins import left_join

TROUBLE = ("incident", "complaint")
VISIT = "visit"
SERVICE = ("service_call", *TROUBLE)
DIGITAL = ("web", "app")
MORNING_HOUR, NOON_HOUR, EVENING_HOUR = 6, 12, 18
FRIDAY = 4
USUAL = ("app", "call_centre", "chat", "social", "store", "web")  # by name
TIMES = ("morning", "evening", "weekend")


def customer_features(view: View) -> ir.Table:
    """Return one row per customer with a known interaction."""
    keys = KEYS["customer"]
    found = view.history.mentioned("interactions")
    for part in (_visits(view), _service(view), _habits(_counted(view))):
        found = left_join(found, part, keys)
    counts = [feature.name for feature in FEATURES if feature.unit == "count"]
    return found.mutate(
        **{name: found[name].fill_null(0) for name in counts},
        visit_trend=ratio(3 * found.visits__30d, found.visits__90d),
        days_between_visits=ratio(found.first_visit_days - found.days_since_visit, found.gaps),
        resolution_days__365d=ratio(found.resolution_days, found.resolved),
    ).select(*keys, *[feature.name for feature in FEATURES])


def _visits(view: View) -> ir.Table:
    visits = view.known("interactions", lambda rows: rows.kind == VISIT)
    return visits.group_by(KEYS["customer"]).aggregate(
        **{f"visits__{days}d": mark(within(visits, days)).count() for days in (30, 90, 365)},
        gaps=visits.count() - 1,
        days_since_visit=visits.age_days.min(),
        first_visit_days=visits.age_days.max(),
    )


def _service(view: View) -> ir.Table:
    touches = view.known(
        "interactions",
        lambda rows: rows.kind.isin(SERVICE),
        marks=lambda rows: {
            "is_trouble": rows.kind.isin(TROUBLE),
            "is_incident": rows.kind == "incident",
        },
    )
    is_trouble, is_resolved = touches.is_trouble, touches.resolved_at.notnull()
    is_resolved_in_year = is_trouble & within(touches, 365) & is_resolved
    days = touches.resolved_at.date().delta(touches.occurred_at.date(), unit="day").cast("int64")
    return touches.group_by(KEYS["customer"]).aggregate(
        incidents__90d=mark(is_trouble & within(touches, 90)).count(),
        open_incident_days=among(touches.age_days, touches.is_incident & ~is_resolved).max(),
        resolved=mark(is_resolved_in_year).count(),
        resolution_days=among(days, is_resolved_in_year).sum().cast("int64"),
        days_since_incident=among(touches.age_days, is_trouble).min(),
        days_since_service=touches.age_days.min(),
    )


def _counted(view: View) -> ir.Table:
    """Return one row per customer of the last year, the usual channels in columns beside one another.

    A row for each customer and channel would be several times as many groups, and one more roll-up:
    only other channels, whatever their names, are looked at so.
    """
    keys = KEYS["customer"]
    touches = view.known("interactions", days=YEAR_DAYS, marks=_marks)
    in_quarter = within(touches, 90)
    counted = touches.group_by(keys).aggregate(
        in_year=touches.count(),
        in_quarter=mark(in_quarter).count(),
        **{name: touches[f"is_{name}"].count() for name in TIMES},
        **{f"{name}_in_year": touches[f"is_{name}"].count() for name in USUAL},
        **{
            f"{name}_in_quarter": among(touches[f"is_{name}"], in_quarter).count() for name in USUAL
        },
    )
    return left_join(counted, _of_other_channels(view), keys)


def _marks(rows: ir.Table) -> dict[str, ir.Value]:
    """Mark what each row counts for: its channel, and its hour and day."""
    hour, weekday = rows.occurred_at.hour(), rows.occurred_at.date().day_of_week.index()
    conditions = {
        **{name: rows.channel == name for name in USUAL},
        "morning": (hour >= MORNING_HOUR) & (hour < NOON_HOUR),
        "evening": hour >= EVENING_HOUR,
        "weekend": weekday > FRIDAY,
    }
    return {f"is_{name}": mark(condition) for name, condition in conditions.items()}


def _of_other_channels(view: View) -> ir.Table:
    """Return of a customer's other channels the most touches, whose they are, and the shift.

    All that their customers did is counted anew: everybody's counts, looked at twice, would be kept
    in memory in between.
    """
    keys = KEYS["customer"]
    touches = view.known("interactions", _is_of_other, YEAR_DAYS)
    channels = touches.group_by(*keys, "channel").aggregate(
        channel_in_year=touches.count(),
        channel_in_quarter=mark(within(touches, 90)).count(),
    )
    every = view.known("interactions", _is_of_customer_of_other, YEAR_DAYS)
    counted = every.group_by(keys).aggregate(
        in_year=every.count(), in_quarter=mark(within(every, 90)).count()
    )
    rows = channels.join(counted, keys)
    # Of equals the first by name: the count comes first in the text, the greatest lowest.
    count_and_name = (10**10 - rows.channel_in_year).cast("string") + rows.channel
    moved = _moved(rows, rows.channel_in_quarter, rows.channel_in_year)
    rolled = rows.group_by(keys).aggregate(
        other_in_year=rows.channel_in_year.max(),
        first=count_and_name.min(),
        other_moved=moved.sum().cast("int64"),
    )
    return rolled.mutate(other_channel=rolled.first.substr(10)).drop("first")


def _is_of_other(rows: ir.Table) -> ir.BooleanValue:
    return rows.channel.notin(USUAL)


def _is_of_customer_of_other(rows: ir.Table) -> ir.BooleanValue:
    others = rows.view()
    return rows.customer_id.isin(others.filter(_is_of_other(others)).customer_id)


def _moved(rows: ir.Table, recent: ir.IntegerValue, yearly: ir.IntegerValue) -> ir.IntegerValue:
    """Return a channel's term of the shift: its share of the quarter less that of the year."""
    return (recent * rows.in_year - yearly * rows.in_quarter).abs()


def _habits(counted: ir.Table) -> ir.Table:
    """Return where and when each customer comes."""
    yearly = {name: counted[f"{name}_in_year"] for name in USUAL}
    recent = {name: counted[f"{name}_in_quarter"] for name in USUAL}
    most = ibis.greatest(*yearly.values())
    usual = ibis.cases(*((yearly[name] == most, name) for name in USUAL))
    in_other = counted.other_in_year.fill_null(0)
    first = ibis.ifelse(in_other == most, ibis.least(usual, counted.other_channel), usual)
    moved = [_moved(counted, recent[name], yearly[name]) for name in USUAL]
    all_moved = sum(moved, counted.other_moved.fill_null(0))
    digital = [recent[name] for name in DIGITAL]
    return counted.select(
        *KEYS["customer"],
        preferred_channel=ibis.ifelse(in_other > most, counted.other_channel, first),
        channel_shift__90d=ratio(all_moved, 2 * counted.in_quarter * counted.in_year),
        digital_share__90d=ratio(sum(digital[1:], digital[0]), counted.in_quarter),
        store_share__365d=ratio(yearly["store"], counted.in_year),
        morning_share__365d=ratio(counted.morning, counted.in_year),
        evening_share__365d=ratio(counted.evening, counted.in_year),
        weekend_share__365d=ratio(counted.weekend, counted.in_year),
    )

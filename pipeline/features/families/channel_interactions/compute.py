"""Visits and contacts over all channels: how, how often, with what trouble."""

import ibis
import ibis.expr.types as ir

from pipeline.features.families.channel_interactions.declare import FEATURES
from pipeline.features.feature import KEYS, YEAR_DAYS
from pipeline.features.view import View
from pipeline.features.window_expressions import ratio, within
from pipeline.population.joins import left_join

TROUBLE = ("incident", "complaint")
VISIT = "visit"
SERVICE = ("service_call", *TROUBLE)
DIGITAL = ("web", "app")
MORNING_HOUR, NOON_HOUR, EVENING_HOUR = 6, 12, 18
FRIDAY = 4
USUAL = ("app", "call_centre", "chat", "social", "store", "web")  # by name


def customer_features(view: View) -> ir.Table:
    """Return one row per customer with a known interaction."""
    keys = KEYS["customer"]
    habits = _habits(_counted(view))
    chosen = view.known("interactions", lambda rows: rows.kind.isin((VISIT, *SERVICE)))
    contacts = chosen.group_by(keys).aggregate(**_visits(chosen), **_service(chosen))
    found = left_join(view.history.mentioned("interactions"), habits, keys)
    found = left_join(found, contacts, keys)
    counts = [feature.name for feature in FEATURES if feature.unit == "count"]
    return found.mutate(
        **{name: found[name].fill_null(0) for name in counts},
        visit_trend=ratio(3 * found.visits__30d, found.visits__90d),
        days_between_visits=ratio(found.first_visit_days - found.days_since_visit, found.gaps),
        resolution_days__365d=ratio(found.resolution_days, found.resolved),
    ).select(*keys, *[feature.name for feature in FEATURES])


def _visits(touches: ir.Table) -> dict[str, ir.Value]:
    is_visit = touches.kind == VISIT
    return {
        **{
            f"visits__{days}d": touches.count(where=is_visit & within(touches, days))
            for days in (30, 90, 365)
        },
        "gaps": touches.count(where=is_visit) - 1,
        "days_since_visit": touches.age_days.min(where=is_visit),
        "first_visit_days": touches.age_days.max(where=is_visit),
    }


def _service(touches: ir.Table) -> dict[str, ir.Value]:
    is_service, is_trouble = touches.kind.isin(SERVICE), touches.kind.isin(TROUBLE)
    is_resolved = is_trouble & within(touches, 365) & touches.resolved_at.notnull()
    is_open = (touches.kind == "incident") & touches.resolved_at.isnull()
    days = touches.resolved_at.date().delta(touches.occurred_at.date(), unit="day").cast("int64")
    return {
        "incidents__90d": touches.count(where=is_trouble & within(touches, 90)),
        "open_incident_days": touches.age_days.max(where=is_open),
        "resolved": touches.count(where=is_resolved),
        "resolution_days": days.sum(where=is_resolved).cast("int64"),
        "days_since_incident": touches.age_days.min(where=is_trouble),
        "days_since_service": touches.age_days.min(where=is_service),
    }


def _counted(view: View) -> ir.Table:
    """Return one row per customer of the last year, the usual channels in columns beside one another.

    A row for each customer and channel would be several times as many groups, and one more roll-up:
    only other channels, whatever their names, are looked at so.
    """
    keys = KEYS["customer"]
    touches = view.known("interactions", days=YEAR_DAYS)
    counted = touches.group_by(keys).aggregate(**_times(touches), **_by_usual_channel(touches))
    others = view.known("interactions", lambda rows: rows.channel.notin(USUAL), YEAR_DAYS)
    return left_join(counted, _of_other_channels(others, counted), keys)


def _times(touches: ir.Table) -> dict[str, ir.Value]:
    """Return a year's and a quarter's touches, and those of the year by hour and day."""
    hour, weekday = touches.occurred_at.hour(), touches.occurred_at.date().day_of_week.index()
    return {
        "in_year": touches.count(),
        "in_quarter": touches.count(where=within(touches, 90)),
        "morning": touches.count(where=(hour >= MORNING_HOUR) & (hour < NOON_HOUR)),
        "evening": touches.count(where=hour >= EVENING_HOUR),
        "weekend": touches.count(where=weekday > FRIDAY),
    }


def _by_usual_channel(touches: ir.Table) -> dict[str, ir.Value]:
    in_quarter = within(touches, 90)
    return {
        f"{name}_in_{window}": touches.count(where=condition)
        for name in USUAL
        for window, condition in (
            ("year", touches.channel == name),
            ("quarter", (touches.channel == name) & in_quarter),
        )
    }


def _of_other_channels(touches: ir.Table, counted: ir.Table) -> ir.Table:
    """Return of a customer's other channels the most touches, whose they are, and the shift."""
    keys = KEYS["customer"]
    channels = touches.group_by(*keys, "channel").aggregate(
        channel_in_year=touches.count(),
        channel_in_quarter=touches.count(where=within(touches, 90)),
    )
    rows = channels.join(counted.select(*keys, "in_year", "in_quarter"), keys)
    # Of equals the first by name: the count comes first in the text, the greatest lowest.
    count_and_name = (10**10 - rows.channel_in_year).cast("string") + rows.channel
    moved = _moved(rows, rows.channel_in_quarter, rows.channel_in_year)
    rolled = rows.group_by(keys).aggregate(
        other_in_year=rows.channel_in_year.max(),
        first=count_and_name.min(),
        other_moved=moved.sum().cast("int64"),
    )
    return rolled.mutate(other_channel=rolled.first.substr(10)).drop("first")


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

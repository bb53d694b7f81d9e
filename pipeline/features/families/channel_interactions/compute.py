"""Visits and contacts over all channels: how, how often, with what trouble."""

from collections.abc import Sequence

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


def customer_features(view: View) -> ir.Table:
    """Return one row per customer with a known interaction."""
    keys = KEYS["customer"]
    recent = view.known("interactions", days=YEAR_DAYS)
    habits = _roll_up(_mark_channels(_by_channel(recent)))
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


def _by_channel(touches: ir.Table) -> ir.Table:
    """Return one row per customer and channel of the last year."""
    hour, weekday = touches.occurred_at.hour(), touches.occurred_at.date().day_of_week.index()
    return touches.group_by(*KEYS["customer"], "channel").aggregate(
        in_year=touches.count(),
        in_quarter=touches.count(where=within(touches, 90)),
        morning=touches.count(where=(hour >= MORNING_HOUR) & (hour < NOON_HOUR)),
        evening=touches.count(where=hour >= EVENING_HOUR),
        weekend=touches.count(where=weekday > FRIDAY),
    )


def _mark_channels(channels: ir.Table) -> ir.Table:
    """Add which channel its customer prefers, and its term of the shift."""
    customer = [channels[key] for key in KEYS["customer"]]
    recent, yearly = channels.in_quarter, channels.in_year
    all_recent, all_yearly = (
        column.sum().over(group_by=customer).cast("int64") for column in (recent, yearly)
    )
    return channels.mutate(
        is_preferred=yearly == yearly.max().over(group_by=customer),
        moved=(recent * all_yearly - yearly * all_recent).abs(),
    )


def _roll_up(channels: ir.Table) -> ir.Table:
    """Return one row per customer."""

    def share(column: str, whole: str, channel: Sequence[str] = ()) -> ir.NumericValue:
        part = channels[column]
        where = channels.channel.isin(channel) if channel else None
        hits = part.sum(where=where).cast("int64").fill_null(0)
        return ratio(hits, channels[whole].sum().cast("int64"))

    whole, recent = (channels[name].sum().cast("int64") for name in ("in_year", "in_quarter"))
    return channels.group_by(KEYS["customer"]).aggregate(
        preferred_channel=channels.channel.min(where=channels.is_preferred),
        channel_shift__90d=ratio(channels.moved.sum().cast("int64"), 2 * recent * whole),
        digital_share__90d=share("in_quarter", "in_quarter", DIGITAL),
        store_share__365d=share("in_year", "in_year", ("store",)),
        morning_share__365d=share("morning", "in_year"),
        evening_share__365d=share("evening", "in_year"),
        weekend_share__365d=share("weekend", "in_year"),
    )

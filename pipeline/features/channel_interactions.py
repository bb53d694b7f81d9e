"""Visits and contacts over all channels: how, how often, with what trouble."""

from collections.abc import Sequence

import ibis.expr.types as ir

from pipeline.features.catalogue import NEVER, Feature, windowed
from pipeline.features.family import KEYS, View
from pipeline.features.measures import (
    SEASON_DAYS,
    YEAR_DAYS,
    a_year_ago,
    entropy,
    n_log_n,
    ratio,
    within,
)
from pipeline.population.joins import left_join

NEEDS = ("interactions",)
NO_TOUCH = "no interaction is known"
NO_RECENT_TOUCH = "no interaction in the window"
TROUBLE = ("incident", "complaint")
VISIT = "visit"
SERVICE = ("service_call", *TROUBLE)
DIGITAL = ("web", "app")
MORNING_HOUR, NOON_HOUR, EVENING_HOUR = 6, 12, 18
FRIDAY = 4

FEATURES = (
    *windowed(
        Feature(
            "visits",
            "Visits in the last {days} days, any channel",
            "count",
            NO_TOUCH,
            "Visited [once|{value} times] in the last {days} days",
        ),
        (7, 30, 90, 365),
    ),
    Feature(
        "visit_trend",
        "Visits of the last 30 days over the monthly mean of the last 90",
        "ratio",
        "no visit in the last 90 days",
        "Visits at {value} times the usual pace",
        window_days=90,
    ),
    Feature(
        "visits__season",
        "Visits a year ago, in the 30 days that are now to come",
        "count",
        NO_TOUCH,
        "Visited [once|{value} times] in this season a year ago",
        window_days=YEAR_DAYS,
    ),
    Feature(
        "days_between_visits",
        "Mean days from one visit to the next",
        "days",
        "fewer than two visits are known",
        "Visits every [day|{value} days]",
    ),
    *windowed(
        Feature(
            "service_calls",
            "Contacts with the call centre in the last {days} days",
            "count",
            NO_TOUCH,
            "Called the contact centre [once|{value} times] in the last {days} days",
        ),
        (30, 90),
    ),
    *windowed(
        Feature(
            "service_contacts",
            "Calls for service, incidents and complaints on any channel in the last {days} days",
            "count",
            NO_TOUCH,
            "Needed service [once|{value} times] in the last {days} days",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "service_seconds",
            "Seconds of calls for service, incidents and complaints in the last {days} days",
            "count",
            NO_TOUCH,
            "Spent {value} [second|seconds] with customer service in the last {days} days",
        ),
        (365,),
    ),
    Feature(
        "days_since_service",
        "Days since the last call for service, incident or complaint",
        "days",
        NEVER,
        "Last needed service {value} [day|days] ago",
    ),
    *windowed(
        Feature(
            "incidents",
            "Incidents and complaints in the last {days} days",
            "count",
            NO_TOUCH,
            "Reported {value} [incident or complaint|incidents or complaints] in the last {days} days",
        ),
        (30, 90, 365),
    ),
    Feature(
        "open_incidents",
        "Incidents that are not resolved",
        "count",
        NO_TOUCH,
        "Has {value} [incident|incidents] still open",
    ),
    Feature(
        "open_incident_days",
        "Days that the oldest incident without a resolution has been open",
        "days",
        "no incident is open",
        "Has been waiting {value} [day|days] for an incident to be resolved",
    ),
    *windowed(
        Feature(
            "resolved_incidents",
            "Incidents and complaints of the last {days} days that are resolved",
            "count",
            NO_TOUCH,
            "Had {value} [incident or complaint|incidents or complaints] resolved "
            "in the last {days} days",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "complaints",
            "Complaints in the last {days} days",
            "count",
            NO_TOUCH,
            "Complained [once|{value} times] in the last {days} days",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "resolution_days",
            "Mean days from incident to resolution in the last {days} days",
            "days",
            "no incident resolved in the window",
            "Incidents took {value} [day|days] to resolve",
        ),
        (365,),
    ),
    Feature(
        "days_since_visit",
        "Days since the last visit",
        "days",
        NEVER,
        "Last visited {value} [day|days] ago",
    ),
    Feature(
        "days_since_incident",
        "Days since the last incident or complaint",
        "days",
        NEVER,
        "Last incident {value} [day|days] ago",
    ),
    *windowed(
        Feature(
            "channels",
            "Distinct channels used in the last {days} days",
            "count",
            NO_TOUCH,
            "Used {value} [channel|channels] in the last {days} days",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "store_share",
            "Share of interactions in a store in the last {days} days",
            "share",
            NO_RECENT_TOUCH,
            "{value} of contacts are in a store",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "digital_share",
            "Share of interactions on the web or in the app in the last {days} days",
            "share",
            NO_RECENT_TOUCH,
            "{value} of contacts are on the website or app",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "channel_entropy",
            "Entropy of the channels of the last {days} days: 0 is one channel, more is more evenly",
            "points",
            NO_RECENT_TOUCH,
            "Spreads contacts over channels: {value} (0 is a single one)",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "channel_shift",
            "Share of the interactions of the last {days} days that another channel had in the year",
            "share",
            NO_RECENT_TOUCH,
            "{value} of contacts have moved to another channel",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "morning_share",
            "Share of interactions from 6:00 to 12:00 UTC in the last {days} days",
            "share",
            NO_RECENT_TOUCH,
            "{value} of contacts are in the morning",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "evening_share",
            "Share of interactions after 18:00 UTC in the last {days} days",
            "share",
            NO_RECENT_TOUCH,
            "{value} of contacts are in the evening",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "weekend_share",
            "Share of interactions on Saturday or Sunday in the last {days} days",
            "share",
            NO_RECENT_TOUCH,
            "{value} of contacts are at the weekend",
        ),
        (365,),
    ),
    Feature(
        "preferred_channel",
        "Channel used most in the last 365 days; of equals the first by name",
        "text",
        NO_RECENT_TOUCH,
        "Prefers the channel {value}",
        window_days=365,
    ),
    Feature(
        "first_channel",
        "Channel of the first interaction; of equals the first by name",
        "text",
        NEVER,
        "First came by the channel {value}",
    ),
)


def customer_features(view: View) -> ir.Table:
    """Return one row per customer with a known interaction."""
    keys = KEYS["customer"]
    habits = _roll_up(_mark_channels(_by_channel(view.history.known("interactions"))))
    reasons = view.known("interactions", lambda rows: rows.kind.isin((VISIT, *SERVICE)))
    contacts = reasons.group_by(keys).aggregate(**_visits(reasons), **_service(reasons))
    found = left_join(habits, contacts, keys)
    counts = [feature.name for feature in FEATURES if feature.unit == "count"]
    return found.mutate(
        **{name: found[name].fill_null(0) for name in counts},
        visit_trend=ratio(3 * found.visits__30d, found.visits__90d),
        days_between_visits=ratio(found.first_visit_days - found.days_since_visit, found.gaps),
        resolution_days__365d=ratio(found.resolution_days, found.resolved_incidents__365d),
    ).select(*keys, *[feature.name for feature in FEATURES])


def _visits(touches: ir.Table) -> dict[str, ir.Value]:
    is_visit = touches.kind == VISIT
    return {
        **{
            f"visits__{days}d": touches.count(where=is_visit & within(touches, days))
            for days in (7, 30, 90, 365)
        },
        "visits__season": touches.count(where=is_visit & a_year_ago(touches, SEASON_DAYS)),
        "gaps": touches.count(where=is_visit) - 1,
        "days_since_visit": touches.age_days.min(where=is_visit),
        "first_visit_days": touches.age_days.max(where=is_visit),
    }


def _service(touches: ir.Table) -> dict[str, ir.Value]:
    is_service, is_trouble = touches.kind.isin(SERVICE), touches.kind.isin(TROUBLE)
    in_year = within(touches, 365)
    is_resolved = is_trouble & in_year & touches.resolved_at.notnull()
    is_open = (touches.kind == "incident") & touches.resolved_at.isnull()
    days = touches.resolved_at.date().delta(touches.occurred_at.date(), unit="day").cast("int64")
    return {
        **{
            f"service_calls__{days}d": touches.count(
                where=(touches.channel == "call_centre") & within(touches, days)
            )
            for days in (30, 90)
        },
        **{
            f"incidents__{days}d": touches.count(where=is_trouble & within(touches, days))
            for days in (30, 90, 365)
        },
        "service_contacts__365d": touches.count(where=is_service & in_year),
        "service_seconds__365d": touches.duration_seconds.sum(where=is_service & in_year)
        .cast("int64")
        .fill_null(0),
        "complaints__365d": touches.count(where=(touches.kind == "complaint") & in_year),
        "open_incidents": touches.count(where=is_open),
        "open_incident_days": touches.age_days.max(where=is_open),
        "resolved_incidents__365d": touches.count(where=is_resolved),
        "resolution_days": days.sum(where=is_resolved).cast("int64").fill_null(0),
        "days_since_incident": touches.age_days.min(where=is_trouble),
        "days_since_service": touches.age_days.min(where=is_service),
    }


def _by_channel(touches: ir.Table) -> ir.Table:
    in_year, in_quarter = within(touches, 365), within(touches, 90)
    hour, weekday = touches.occurred_at.hour(), touches.occurred_at.date().day_of_week.index()
    is_morning = (hour >= MORNING_HOUR) & (hour < NOON_HOUR)
    return touches.group_by(*KEYS["customer"], "channel").aggregate(
        in_year=touches.count(where=in_year),
        in_quarter=touches.count(where=in_quarter),
        morning=touches.count(where=is_morning & in_year),
        evening=touches.count(where=(hour >= EVENING_HOUR) & in_year),
        weekend=touches.count(where=(weekday > FRIDAY) & in_year),
        first_age=touches.age_seconds.max(),
    )


def _mark_channels(channels: ir.Table) -> ir.Table:
    """Add what each channel is to its customer, and its terms of the entropy and the shift."""
    customer = [channels[key] for key in KEYS["customer"]]
    recent, yearly = channels.in_quarter, channels.in_year
    all_recent, all_yearly = (
        column.sum().over(group_by=customer).cast("int64") for column in (recent, yearly)
    )
    return channels.mutate(
        is_preferred=(yearly > 0) & (yearly == yearly.max().over(group_by=customer)),
        is_first=channels.first_age == channels.first_age.max().over(group_by=customer),
        n_log_n=n_log_n(yearly),
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
        first_channel=channels.channel.min(where=channels.is_first),
        channels__90d=channels.count(where=channels.in_quarter > 0),
        channel_entropy__365d=entropy(channels.n_log_n.sum().cast("int64"), whole),
        channel_shift__90d=ratio(channels.moved.sum().cast("int64"), 2 * recent * whole),
        digital_share__90d=share("in_quarter", "in_quarter", DIGITAL),
        store_share__365d=share("in_year", "in_year", ("store",)),
        morning_share__365d=share("morning", "in_year"),
        evening_share__365d=share("evening", "in_year"),
        weekend_share__365d=share("weekend", "in_year"),
    )

"""Visits and contacts over all channels: how, how often, with what trouble."""

import ibis.expr.types as ir

from pipeline.features.catalogue import NEVER, Feature, windowed
from pipeline.features.family import View
from pipeline.features.measures import ratio, within
from pipeline.population.joins import left_join

NEEDS = ("interactions",)
NO_TOUCH = "no interaction is known"
TROUBLE = ("incident", "complaint")
EVENING_HOUR = 18
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
        "Incidents and complaints that are not resolved",
        "count",
        NO_TOUCH,
        "Has {value} [incident or complaint|incidents or complaints] still open",
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
            "no interaction in the window",
            "{value} of contacts are in a store",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "evening_share",
            "Share of interactions after 18:00 UTC in the last {days} days",
            "share",
            "no interaction in the window",
            "{value} of contacts are in the evening",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "weekend_share",
            "Share of interactions on Saturday or Sunday in the last {days} days",
            "share",
            "no interaction in the window",
            "{value} of contacts are at the weekend",
        ),
        (365,),
    ),
    Feature(
        "preferred_channel",
        "Channel used most in the last 365 days; of equals the first by name",
        "text",
        "no interaction in the window",
        "Prefers the channel {value}",
        window_days=365,
    ),
)


def customer_features(view: View) -> ir.Table:
    """Return one row per customer with a known interaction."""
    touches = view.history.known("interactions")
    is_visit = touches.kind == "visit"
    is_trouble = touches.kind.isin(TROUBLE)
    in_year = within(touches, 365)
    resolution_days = touches.resolved_at.date().delta(touches.occurred_at.date(), unit="day")

    def visits(days: int) -> ir.IntegerValue:
        return touches.count(where=is_visit & within(touches, days))

    def share(condition: ir.BooleanValue) -> ir.NumericValue:
        return ratio(touches.count(where=condition & in_year), touches.count(where=in_year))

    measures = touches.group_by("as_of_date", "customer_id").aggregate(
        **{f"visits__{days}d": visits(days) for days in (7, 30, 90, 365)},
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
        visit_trend=ratio(3 * visits(30), visits(90)),
        open_incidents=touches.count(where=is_trouble & touches.resolved_at.isnull()),
        resolution_days__365d=ratio(
            resolution_days.sum(where=is_trouble & in_year).cast("int64"),
            touches.count(where=is_trouble & in_year & touches.resolved_at.notnull()),
        ),
        days_since_visit=touches.age_days.min(where=is_visit),
        days_since_incident=touches.age_days.min(where=is_trouble),
        channels__90d=touches.channel.nunique(where=within(touches, 90)),
        store_share__365d=share(touches.channel == "store"),
        evening_share__365d=share(touches.occurred_at.hour() >= EVENING_HOUR),
        weekend_share__365d=share(touches.occurred_at.date().day_of_week.index() > FRIDAY),
    )
    return left_join(measures, _preferred(touches), ["as_of_date", "customer_id"])


def _preferred(touches: ir.Table) -> ir.Table:
    """Return the channel with the most interactions of the last year."""
    recent = touches.filter(within(touches, 365))
    counts = recent.group_by("as_of_date", "customer_id", "channel").aggregate(
        touches=recent.count()
    )
    most = counts.group_by("as_of_date", "customer_id").aggregate(most=counts.touches.max())
    leaders = counts.join(most, ["as_of_date", "customer_id"])
    leaders = leaders.filter(leaders.touches == leaders.most)
    return leaders.group_by("as_of_date", "customer_id").aggregate(
        preferred_channel=leaders.channel.min()
    )

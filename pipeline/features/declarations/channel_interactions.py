"""What `channel_interactions` says: each feature with its unit, what its absence means, and its sentence."""

from pipeline.features.catalogue import NEVER, Feature, windowed

NEEDS = ("interactions",)
NO_TOUCH = "no interaction is known"
NO_RECENT_TOUCH = "no interaction in the window"

FEATURES = (
    *windowed(
        Feature(
            "visits",
            "Visits in the last {days} days, any channel",
            "count",
            NO_TOUCH,
            "Visited [once|{value} times] in the last {days} days",
        ),
        (30, 90, 365),
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
        "days_between_visits",
        "Mean days from one visit to the next",
        "days",
        "fewer than two visits are known",
        "Visits every [day|{value} days]",
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
        (90,),
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
)

"""The features of this family: the unit of each, what its absence means, and when it is a reason."""

from pipeline.features.feature import NEVER, Feature, windowed
from pipeline.features.reason_range import LATELY, LONG_AGO_OR_NEVER, MOST, NEVER_TOLD, RISING, SOON

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
            topic="visits",
        ),
        (30, 90, 365),
    ),
    Feature(
        "visit_trend",
        "Visits of the last 30 days over the monthly mean of the last 90",
        "ratio",
        "no visit in the last 90 days",
        as_reason=RISING,
        window_days=90,
        topic="visits",
    ),
    Feature(
        "days_between_visits",
        "Mean days from one visit to the next",
        "days",
        "fewer than two visits are known",
        as_reason=SOON,
        topic="visits",
    ),
    Feature(
        "days_since_service",
        "Days since the last call for service, incident or complaint",
        "days",
        NEVER,
        as_reason=LONG_AGO_OR_NEVER,
        topic="service",
    ),
    *windowed(
        Feature(
            "incidents",
            "Incidents and complaints in the last {days} days",
            "count",
            NO_TOUCH,
            as_reason=NEVER_TOLD,
        ),
        (90,),
    ),
    Feature(
        "open_incident_days",
        "Days that the oldest incident without a resolution has been open",
        "days",
        "no incident is open",
        as_reason=NEVER_TOLD,
    ),
    *windowed(
        Feature(
            "resolution_days",
            "Mean days from incident to resolution in the last {days} days",
            "days",
            "no incident resolved in the window",
            as_reason=NEVER_TOLD,
        ),
        (365,),
    ),
    Feature(
        "days_since_visit",
        "Days since the last visit",
        "days",
        NEVER,
        as_reason=LATELY,
        topic="visits",
    ),
    Feature(
        "days_since_incident",
        "Days since the last incident or complaint",
        "days",
        NEVER,
        as_reason=LONG_AGO_OR_NEVER,
        topic="service",
    ),
    *windowed(
        Feature(
            "store_share",
            "Share of interactions in a store in the last {days} days",
            "share",
            NO_RECENT_TOUCH,
            as_reason=MOST,
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "digital_share",
            "Share of interactions on the web or in the app in the last {days} days",
            "share",
            NO_RECENT_TOUCH,
            as_reason=MOST,
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "channel_shift",
            "Share of the interactions of the last {days} days that another channel had in the year",
            "share",
            NO_RECENT_TOUCH,
            as_reason=NEVER_TOLD,
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "morning_share",
            "Share of interactions from 6:00 to 12:00 UTC in the last {days} days",
            "share",
            NO_RECENT_TOUCH,
            as_reason=NEVER_TOLD,
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "evening_share",
            "Share of interactions after 18:00 UTC in the last {days} days",
            "share",
            NO_RECENT_TOUCH,
            as_reason=NEVER_TOLD,
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "weekend_share",
            "Share of interactions on Saturday or Sunday in the last {days} days",
            "share",
            NO_RECENT_TOUCH,
            as_reason=NEVER_TOLD,
        ),
        (365,),
    ),
    Feature(
        "preferred_channel",
        "Channel used most in the last 365 days; of equals the first by name",
        "code",
        NO_RECENT_TOUCH,
        window_days=365,
    ),
)

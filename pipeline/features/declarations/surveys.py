"""What `surveys` says: each feature with its unit, what its absence means, and its sentence."""

from pipeline.features.catalogue import NEVER, Feature

NEEDS = ("surveys",)
NEVER_ANSWERED = "never answered such a survey before the as-of date"

FEATURES = (
    Feature(
        "last_score",
        "Last score of any instrument, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        "Rated the company {value} of 10 last time",
    ),
    Feature(
        "mean_score",
        "Mean score of all instruments, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        "Rates the company {value} of 10 on average",
    ),
    Feature(
        "last_step",
        "Last score less the one before of the same instrument, from 0 to 10",
        "score",
        "fewer than two answers to the instrument answered last",
        "Last rating, less the one before: {value} points of 10",
    ),
    Feature(
        "answered_share",
        "Share of the surveys that were answered",
        "share",
        "never asked before the as-of date",
        "Answers {value} of surveys",
    ),
    Feature(
        "last_delay",
        "Days from the survey to its answer, of the last answer",
        "days",
        NEVER_ANSWERED,
        "Took {value} [day|days] to answer the last survey",
    ),
    Feature(
        "days_since_asked",
        "Days since the last survey",
        "days",
        NEVER,
        "Last asked {value} [day|days] ago",
    ),
    Feature(
        "days_since_answer",
        "Days since the last answer",
        "days",
        NEVER_ANSWERED,
        "Last answered a survey {value} [day|days] ago",
    ),
    Feature(
        "days_since_bad_answer",
        "Days since the last score of 4 of 10 or less",
        "days",
        "never gave a bad score before the as-of date",
        "Gave a bad rating {value} [day|days] ago",
    ),
)

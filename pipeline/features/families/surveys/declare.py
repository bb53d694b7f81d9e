"""The features of this family: the unit of each, what its absence means, and when it is a reason."""

from pipeline.features.feature import NEVER, Feature
from pipeline.features.reason_range import GOOD_RATING, LATELY, LONG_AGO_OR_NEVER, MOST, NEVER_TOLD

NEEDS = ("surveys",)
NEVER_ANSWERED = "never answered such a survey before the as-of date"

FEATURES = (
    Feature(
        "last_score",
        "Last score of any instrument, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        as_reason=GOOD_RATING,
        topic="rating",
    ),
    Feature(
        "mean_score",
        "Mean score of all instruments, from 0 to 10",
        "score",
        NEVER_ANSWERED,
        as_reason=GOOD_RATING,
        topic="rating",
    ),
    Feature(
        "last_step",
        "Last score less the one before of the same instrument, from 0 to 10",
        "score",
        "fewer than two answers to the instrument answered last",
        as_reason=NEVER_TOLD,
    ),
    Feature(
        "answered_share",
        "Share of the surveys that were answered",
        "share",
        "never asked before the as-of date",
        as_reason=MOST,
        topic="answers",
    ),
    Feature(
        "last_delay",
        "Days from the survey to its answer, of the last answer",
        "days",
        NEVER_ANSWERED,
        as_reason=NEVER_TOLD,
    ),
    Feature(
        "days_since_asked",
        "Days since the last survey",
        "days",
        NEVER,
        as_reason=NEVER_TOLD,
    ),
    Feature(
        "days_since_answer",
        "Days since the last answer",
        "days",
        NEVER_ANSWERED,
        as_reason=LATELY,
        topic="answers",
    ),
    Feature(
        "days_since_bad_answer",
        "Days since the last score of 4 of 10 or less",
        "days",
        "never gave a bad score before the as-of date",
        as_reason=LONG_AGO_OR_NEVER,
        topic="rating",
    ),
)

"""The features of this family: the unit of each, what its absence means, and when it is a reason."""

from pipeline.features.feature import POPULARITY, YEAR_DAYS, Feature, candidate, windowed
from pipeline.features.reason_range import CLEAR, LESS_THAN_USUAL, NEVER_TOLD, RISING, ReasonRange

NEEDS = ("product_events",)
NOTHING_HELD = "nothing with a rule for the candidate is held"
NOT_SOLD = "nobody acquired the category"
NO_STEP = "nothing of the category is held, or no price or no higher tier is known"

FEATURES = candidate(
    Feature(
        "best_confidence",
        "Highest confidence of a rule from something held to the candidate",
        "share",
        NOTHING_HELD,
        topic=POPULARITY,
    ),
    Feature(
        "best_lift",
        "Highest lift of a rule from something held to the candidate",
        "ratio",
        NOTHING_HELD,
        as_reason=RISING,
        topic="fit",
    ),
    Feature(
        "best_support",
        "Highest support of a rule from something held to the candidate",
        "share",
        NOTHING_HELD,
        as_reason=NEVER_TOLD,
        topic=POPULARITY,
    ),
    Feature(
        "mean_confidence",
        "Mean confidence of the rules from what is held to the candidate",
        "share",
        NOTHING_HELD,
        topic=POPULARITY,
    ),
    Feature(
        "mean_lift",
        "Mean lift of the rules from what is held to the candidate",
        "ratio",
        NOTHING_HELD,
        as_reason=RISING,
        topic="fit",
    ),
    Feature(
        "popularity",
        "Share of known customers who hold the candidate",
        "share",
        "nobody holds the candidate",
        topic=POPULARITY,
    ),
    *windowed(
        Feature(
            "acquirers",
            "Share of known customers who acquired the candidate in the last {days} days",
            "share",
            NOT_SOLD,
            topic=POPULARITY,
        ),
        (30, 90),
    ),
    Feature(
        "acquirers__season",
        "Acquisitions of the candidate a year ago, in the 30 days that are now to come, per customer",
        "share",
        NOT_SOLD,
        window_days=YEAR_DAYS,
        as_reason=NEVER_TOLD,
        topic=POPULARITY,
    ),
    Feature(
        "trend",
        "Acquisitions of the last 30 days over the monthly mean of the last 90",
        "ratio",
        "nothing acquired in the last 90 days",
        as_reason=RISING,
        window_days=90,
        topic=POPULARITY,
    ),
    Feature(
        "price_ratio",
        "Lowest price on offer over the customer's mean amount per acquisition of the last year",
        "ratio",
        "no price or no acquisition is known",
        as_reason=LESS_THAN_USUAL,
        window_days=YEAR_DAYS,
    ),
    Feature(
        "newest_days",
        "Days since the last launch in the category",
        "days",
        "no launch date is known",
        as_reason=ReasonRange(most=180),
        topic=POPULARITY,
    ),
    Feature(
        "best_conviction",
        "Highest conviction of a rule from something held to the candidate",
        "ratio",
        NOTHING_HELD,
        as_reason=RISING,
        topic="fit",
    ),
    Feature(
        "best_rule",
        "Category held whose rule to the candidate has the highest lift",
        "category",
        NOTHING_HELD,
        topic="fit",
    ),
    Feature(
        "factor_score",
        "Product of the factors of what is held and those of the candidate, of who holds what",
        "score",
        "nothing is held, or nobody holds the candidate",
        as_reason=CLEAR,
        topic="fit",
    ),
    *windowed(
        Feature(
            "taste_acquirers",
            "Acquirers of the candidate in the last {days} days among customers of a like past: "
            "regression on factors of how often each category was ever acquired",
            "score",
            "nothing was ever acquired, or nobody acquired the candidate",
            as_reason=CLEAR,
            topic="taste",
        ),
        (30, 90),
    ),
    *windowed(
        Feature(
            "expected_days",
            "Days with an acquisition of the candidate that 30 days would have: the customer's share "
            "of days, drawn to everybody's, times the days of the last {days}",
            "score",
            "the customer or everybody acquired nothing",
            as_reason=NEVER_TOLD,
        ),
        (90,),
    ),
    Feature(
        "evidence",
        "Sum of the logarithms of the lifts of the rules from what is held",
        "score",
        NOTHING_HELD,
        as_reason=CLEAR,
        topic="fit",
    ),
    Feature(
        "mean_uptake",
        "Mean share of the holders of what is held who took the candidate up in 90 days",
        "share",
        NOTHING_HELD,
        topic=POPULARITY,
    ),
    *windowed(
        Feature(
            "related_acquisitions",
            "Acquisitions in other categories in the last {days} days, each counting as the "
            "confidence of its rule to the candidate",
            "score",
            "nothing with a rule for the candidate is held or was acquired in the last 90 days",
            as_reason=ReasonRange(least=0.25),
        ),
        (30, 90),
    ),
    *windowed(
        Feature(
            "expected_acquisitions",
            "The customer's acquisitions of the last {days} days times the candidate's share of "
            "everybody's",
            "score",
            "the customer or everybody acquired nothing",
            as_reason=NEVER_TOLD,
        ),
        (90,),
    ),
    Feature(
        "peer_popularity",
        "Share of customers of the same type, income band and decade of age who hold the candidate",
        "share",
        "nobody holds the candidate",
        topic=POPULARITY,
    ),
    *windowed(
        Feature(
            "peer_acquirers",
            "Share of customers of the same type, income band and decade of age who acquired the "
            "candidate in the last {days} days",
            "share",
            NOT_SOLD,
            topic=POPULARITY,
        ),
        (90,),
    ),
    Feature(
        "peer_trend",
        "Acquisitions of the last 30 days over the monthly mean of the last 90, of customers of the "
        "same type, income band and decade of age",
        "ratio",
        "none of them acquired it in the last 90 days",
        as_reason=RISING,
        window_days=90,
        topic=POPULARITY,
    ),
    *windowed(
        Feature(
            "region_acquirers",
            "Share of customers of the same region who acquired the candidate in the last {days} "
            "days",
            "share",
            "nobody acquired the category, or the region is not known",
            topic=POPULARITY,
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "upgrades",
            "Moves to a higher tier of the category in the last {days} days, per holder",
            "ratio",
            "nobody holds the category",
            as_reason=NEVER_TOLD,
            topic=POPULARITY,
        ),
        (90,),
    ),
    Feature(
        "step_price",
        "Lowest price on offer above the tier held, less the lowest of the tier held",
        "money",
        NO_STEP,
        as_reason=NEVER_TOLD,
    ),
    Feature(
        "step_ratio",
        "Price step to the next tier over the customer's mean amount per acquisition of the last "
        "year",
        "ratio",
        NO_STEP,
        as_reason=LESS_THAN_USUAL,
        window_days=YEAR_DAYS,
        topic="step",
    ),
    Feature(
        "step_to_others",
        "Price step to the next tier over the mean step that others took in the last year",
        "ratio",
        NO_STEP,
        as_reason=LESS_THAN_USUAL,
        window_days=YEAR_DAYS,
        topic="step",
    ),
)

"""What `affinity` says: each feature with its unit, what its absence means, and its sentence."""

from pipeline.features.catalogue import Feature, candidate, windowed
from pipeline.features.measures import YEAR_DAYS

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
        "{value} of the customers with something this customer holds also have {category}",
    ),
    Feature(
        "best_lift",
        "Highest lift of a rule from something held to the candidate",
        "ratio",
        NOTHING_HELD,
        "Holds something that goes with {category} ({value} times as often as usual)",
    ),
    Feature(
        "best_support",
        "Highest support of a rule from something held to the candidate",
        "share",
        NOTHING_HELD,
        "Holds something that {value} of customers combine with {category}",
    ),
    Feature(
        "mean_confidence",
        "Mean confidence of the rules from what is held to the candidate",
        "share",
        NOTHING_HELD,
        "Customers who hold the same often have {category} ({value})",
    ),
    Feature(
        "mean_lift",
        "Mean lift of the rules from what is held to the candidate",
        "ratio",
        NOTHING_HELD,
        "What is held goes with {category} ({value} times as often as usual)",
    ),
    Feature(
        "popularity",
        "Share of known customers who hold the candidate",
        "share",
        "nobody holds the candidate",
        "{value} of customers have {category}",
    ),
    *windowed(
        Feature(
            "acquirers",
            "Share of known customers who acquired the candidate in the last {days} days",
            "share",
            NOT_SOLD,
            "{value} of customers bought {category} in the last {days} days",
        ),
        (30, 90),
    ),
    Feature(
        "acquirers__season",
        "Acquisitions of the candidate a year ago, in the 30 days that are now to come, per customer",
        "share",
        NOT_SOLD,
        "Sales of {category} in this season a year ago, per customer: {value}",
        window_days=YEAR_DAYS,
    ),
    Feature(
        "trend",
        "Acquisitions of the last 30 days over the monthly mean of the last 90",
        "ratio",
        "nothing acquired in the last 90 days",
        "{category} sells at {value} times the usual pace",
        window_days=90,
    ),
    Feature(
        "price_ratio",
        "Lowest price on offer over the customer's mean amount per acquisition of the last year",
        "ratio",
        "no price or no acquisition is known",
        "{category} costs {value} times what the customer usually pays",
        window_days=YEAR_DAYS,
    ),
    Feature(
        "newest_days",
        "Days since the last launch in the category",
        "days",
        "no launch date is known",
        "{category} has something new, launched {value} [day|days] ago",
    ),
    Feature(
        "best_conviction",
        "Highest conviction of a rule from something held to the candidate",
        "ratio",
        NOTHING_HELD,
        "Holds something that is seldom held without {category} (conviction {value})",
    ),
    Feature(
        "best_rule",
        "Category held whose rule to the candidate has the highest lift",
        "text",
        NOTHING_HELD,
        "Holds {value}, which goes with {category}",
    ),
    Feature(
        "factor_score",
        "Product of the factors of what is held and those of the candidate, of who holds what",
        "score",
        "nothing is held, or nobody holds the candidate",
        "Customers who hold things alike hold {category} too: {value} points",
    ),
    Feature(
        "evidence",
        "Sum of the logarithms of the lifts of the rules from what is held",
        "score",
        NOTHING_HELD,
        "What is held speaks for {category}: {value} (0 is neutral)",
    ),
    Feature(
        "mean_uptake",
        "Mean share of the holders of what is held who took the candidate up in 90 days",
        "share",
        NOTHING_HELD,
        "Customers who hold the same have lately taken up {category} ({value})",
    ),
    *windowed(
        Feature(
            "related_acquisitions",
            "Acquisitions in other categories in the last {days} days, each counting as the "
            "confidence of its rule to the candidate",
            "score",
            "nothing with a rule for the candidate is held or was acquired in the last 90 days",
            "Bought things that go with {category} in the last {days} days: {value} points",
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
            "Would have bought {category} {value} times in the last {days} days, buying like "
            "everybody",
        ),
        (90,),
    ),
    Feature(
        "peer_popularity",
        "Share of customers of the same type, income band and decade of age who hold the candidate",
        "share",
        "nobody holds the candidate",
        "{value} of similar customers have {category}",
    ),
    *windowed(
        Feature(
            "peer_acquirers",
            "Share of customers of the same type, income band and decade of age who acquired the "
            "candidate in the last {days} days",
            "share",
            NOT_SOLD,
            "{value} of similar customers bought {category} in the last {days} days",
        ),
        (90,),
    ),
    Feature(
        "peer_trend",
        "Acquisitions of the last 30 days over the monthly mean of the last 90, of customers of the "
        "same type, income band and decade of age",
        "ratio",
        "none of them acquired it in the last 90 days",
        "{category} sells to similar customers at {value} times the usual pace",
        window_days=90,
    ),
    *windowed(
        Feature(
            "region_acquirers",
            "Share of customers of the same region who acquired the candidate in the last {days} "
            "days",
            "share",
            "nobody acquired the category, or the region is not known",
            "{value} of customers of the region bought {category} in the last {days} days",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "upgrades",
            "Moves to a higher tier of the category in the last {days} days, per holder",
            "ratio",
            "nobody holds the category",
            "Moves up in {category} per holder in the last {days} days: {value}",
        ),
        (90,),
    ),
    Feature(
        "step_price",
        "Lowest price on offer above the tier held, less the lowest of the tier held",
        "money",
        NO_STEP,
        "The next tier of {category} costs {value} more",
    ),
    Feature(
        "step_ratio",
        "Price step to the next tier over the customer's mean amount per acquisition of the last "
        "year",
        "ratio",
        NO_STEP,
        "The step up in {category} is {value} times what the customer usually pays",
        window_days=YEAR_DAYS,
    ),
    Feature(
        "step_to_others",
        "Price step to the next tier over the mean step that others took in the last year",
        "ratio",
        NO_STEP,
        "The step up in {category} is {value} times the one that others took",
        window_days=YEAR_DAYS,
    ),
)

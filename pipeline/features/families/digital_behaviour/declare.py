"""The features of this family: the unit of each, what its absence means, and when it is a reason."""

from pipeline.features.feature import NEVER, YEAR_DAYS, Feature, candidate, windowed
from pipeline.features.reason_range import (
    LATELY,
    MOST,
    NEVER_TOLD,
    ONE_OR_MORE,
    RISING,
    ReasonRange,
)

NEEDS = ("interactions",)
NO_SESSION = "no web or app interaction is known"
NO_INTEREST = "no web or app interaction with the category is known"

FEATURES = (
    *windowed(
        Feature(
            "views",
            "Products viewed in the last {days} days",
            "count",
            NO_SESSION,
            topic="activity",
        ),
        (7, 30, 90),
    ),
    Feature(
        "sessions__season",
        "Web and app visits and log-ins a year ago, in the 30 days that are now to come",
        "count",
        NO_SESSION,
        window_days=YEAR_DAYS,
        as_reason=ONE_OR_MORE,
        topic="activity",
    ),
    *windowed(
        Feature(
            "active_days",
            "Days with a web or app interaction in the last {days} days",
            "count",
            NO_SESSION,
            topic="activity",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "bounce_share",
            "Share of the days on the web or in the app with one interaction only, "
            "in the last {days} days",
            "share",
            "no interaction in the window",
            as_reason=NEVER_TOLD,
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "views_per_session",
            "Products viewed per visit or log-in in the last {days} days",
            "ratio",
            "no visit or log-in in the window",
            as_reason=ReasonRange(least=2),
            topic="activity",
        ),
        (90,),
    ),
    Feature(
        "interest",
        "Web and app interactions, each halved in weight every 14 days",
        "points",
        NO_SESSION,
        as_reason=ONE_OR_MORE,
        topic="activity",
    ),
    Feature(
        "view_trend",
        "Views of the last 30 days over the monthly mean of the last 90",
        "ratio",
        "no view in the last 90 days",
        as_reason=RISING,
        window_days=90,
        topic="activity",
    ),
    Feature(
        "days_since_session",
        "Days since the last web or app interaction",
        "days",
        NEVER,
        as_reason=LATELY,
        topic="activity",
    ),
    *windowed(
        Feature(
            "top_category_share",
            "Share of the views of known products that were of the category viewed most "
            "in the last {days} days",
            "share",
            "no view in the window",
            as_reason=MOST,
        ),
        (90,),
    ),
    Feature(
        "last_category",
        "Category viewed last, in the last 90 days; of equals the first by name",
        "category",
        "no view in the window",
        window_days=90,
    ),
    *windowed(
        Feature(
            "app_share",
            "Share of digital interactions in the app in the last {days} days",
            "share",
            "no interaction in the window",
            as_reason=MOST,
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "duration",
            "Mean seconds of a digital interaction in the last {days} days",
            "count",
            "no interaction with a known duration in the window",
            as_reason=ReasonRange(least=60),
            topic="activity",
        ),
        (90,),
    ),
    *candidate(
        *windowed(
            Feature(
                "category_views",
                "Views of products of the category in the last {days} days",
                "count",
                NO_INTEREST,
                topic="category_interest",
            ),
            (30, 90),
        ),
        *windowed(
            Feature(
                "category_view_share",
                "Share of the views of known products that were of the category in the last {days} days",
                "share",
                "no view in the window",
                as_reason=ReasonRange(least=0.1),
                topic="category_interest",
            ),
            (90,),
        ),
        Feature(
            "days_since_category_view",
            "Days since the last web or app interaction with the category",
            "days",
            NEVER,
            as_reason=LATELY,
            topic="category_interest",
        ),
        Feature(
            "category_interest",
            "Interactions with the category, each halved in weight every 14 days",
            "points",
            NO_INTEREST,
            as_reason=ReasonRange(least=0.5),
            topic="category_interest",
        ),
        Feature(
            "category_interest_share",
            "Share of the category in the interest in all categories",
            "share",
            NO_INTEREST,
            as_reason=ReasonRange(least=0.1),
            topic="category_interest",
        ),
        Feature(
            "category_views__season",
            "Views of the category a year ago, in the 30 days that are now to come",
            "count",
            NO_INTEREST,
            window_days=YEAR_DAYS,
            as_reason=ONE_OR_MORE,
            topic="category_interest",
        ),
        Feature(
            "days_since_category_cart",
            "Days since a product of the category was last put into the cart",
            "days",
            NEVER,
            as_reason=LATELY,
        ),
        Feature(
            "category_views_since",
            "Categories viewed since the category was: 0 for the one viewed last",
            "count",
            "no view of the category is known",
            as_reason=ReasonRange(least=0, most=3),
            topic="category_interest",
        ),
        *windowed(
            Feature(
                "category_top_brand_share",
                "Share of the brand viewed most in the views of the category "
                "in the last {days} days",
                "share",
                "no view of a product with a brand in the window",
                as_reason=MOST,
            ),
            (90,),
        ),
        *windowed(
            Feature(
                "brand_views_elsewhere",
                "Views, in other categories, of the brands that the category offers, "
                "in the last {days} days",
                "count",
                "neither the category nor its brands were looked at",
            ),
            (90,),
        ),
        Feature(
            "category_tier_viewed",
            "Highest tier of the category viewed in the last 90 days",
            "tier",
            "no view of the category in the window",
            as_reason=ReasonRange(least=2),
            window_days=90,
            topic="category_tier_viewed",
        ),
        Feature(
            "category_mean_tier_viewed",
            "Mean tier of the products of the category viewed so far",
            "tier",
            "no view of a known product of the category is known",
            as_reason=ReasonRange(least=2),
            topic="category_tier_viewed",
        ),
        Feature(
            "category_view_rate",
            "Views of the category a year since the customer is known, counting 100 days more",
            "count",
            NO_INTEREST,
            as_reason=ONE_OR_MORE,
            topic="category_interest",
        ),
    ),
)

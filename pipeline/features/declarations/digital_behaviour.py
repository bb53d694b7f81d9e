"""What `digital_behaviour` says: each feature with its unit, what its absence means, and its sentence."""

from pipeline.features.catalogue import NEVER, Feature, candidate, windowed
from pipeline.features.measures import (
    YEAR_DAYS,
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
            "Viewed {value} [product|products] in the last {days} days",
        ),
        (7, 30, 90),
    ),
    Feature(
        "sessions__season",
        "Web and app visits and log-ins a year ago, in the 30 days that are now to come",
        "count",
        NO_SESSION,
        "Opened the website or app [once|{value} times] in this season a year ago",
        window_days=YEAR_DAYS,
    ),
    *windowed(
        Feature(
            "active_days",
            "Days with a web or app interaction in the last {days} days",
            "count",
            NO_SESSION,
            "On the website or app on {value} [day|days] of the last {days} days",
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
            "Leaves after one click on {value} of the days on the website or app",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "views_per_session",
            "Products viewed per visit or log-in in the last {days} days",
            "ratio",
            "no visit or log-in in the window",
            "Looks at {value} products per visit to the website or app",
        ),
        (90,),
    ),
    Feature(
        "interest",
        "Web and app interactions, each halved in weight every 14 days",
        "points",
        NO_SESSION,
        "Has lately been active on the website or app",
    ),
    Feature(
        "view_trend",
        "Views of the last 30 days over the monthly mean of the last 90",
        "ratio",
        "no view in the last 90 days",
        "Looks around at {value} times the usual pace",
        window_days=90,
    ),
    Feature(
        "days_since_session",
        "Days since the last web or app interaction",
        "days",
        NEVER,
        "Last on the website or app {value} [day|days] ago",
    ),
    *windowed(
        Feature(
            "top_category_share",
            "Share of the views of known products that were of the category viewed most "
            "in the last {days} days",
            "share",
            "no view in the window",
            "{value} of what was viewed is of one category",
        ),
        (90,),
    ),
    Feature(
        "last_category",
        "Category viewed last, in the last 90 days; of equals the first by name",
        "text",
        "no view in the window",
        "Last viewed {value}",
        window_days=90,
    ),
    *windowed(
        Feature(
            "app_share",
            "Share of digital interactions in the app in the last {days} days",
            "share",
            "no interaction in the window",
            "{value} of web and app use is in the app",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "duration",
            "Mean seconds of a digital interaction in the last {days} days",
            "count",
            "no interaction with a known duration in the window",
            "Stays {value} [second|seconds] on average on the website or app",
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
                "Viewed {category} [once|{value} times] in the last {days} days",
            ),
            (30, 90),
        ),
        *windowed(
            Feature(
                "category_view_share",
                "Share of the views of known products that were of the category in the last {days} days",
                "share",
                "no view in the window",
                "{category} makes up {value} of what was viewed",
            ),
            (90,),
        ),
        Feature(
            "days_since_category_view",
            "Days since the last web or app interaction with the category",
            "days",
            NEVER,
            "Last looked at {category} {value} [day|days] ago",
        ),
        Feature(
            "category_interest",
            "Interactions with the category, each halved in weight every 14 days",
            "points",
            NO_INTEREST,
            "Has shown interest in {category}",
        ),
        Feature(
            "category_interest_share",
            "Share of the category in the interest in all categories",
            "share",
            NO_INTEREST,
            "{category} makes up {value} of the interest shown on the website or app",
        ),
        Feature(
            "category_views__season",
            "Views of the category a year ago, in the 30 days that are now to come",
            "count",
            NO_INTEREST,
            "Viewed {category} [once|{value} times] in this season a year ago",
            window_days=YEAR_DAYS,
        ),
        Feature(
            "days_since_category_cart",
            "Days since a product of the category was last put into the cart",
            "days",
            NEVER,
            "Last put {category} into the cart {value} [day|days] ago",
        ),
        Feature(
            "category_views_since",
            "Categories viewed since the category was: 0 for the one viewed last",
            "count",
            "no view of the category is known",
            "Has viewed {value} other [category|categories] since {category}",
        ),
        *windowed(
            Feature(
                "category_top_brand_share",
                "Share of the brand viewed most in the views of the category "
                "in the last {days} days",
                "share",
                "no view of a product with a brand in the window",
                "{value} of the {category} viewed is of one brand",
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
                "Viewed brands of {category} in other categories "
                "[once|{value} times] in the last {days} days",
            ),
            (90,),
        ),
        Feature(
            "category_tier_viewed",
            "Highest tier of the category viewed in the last 90 days",
            "tier",
            "no view of the category in the window",
            "Looked at tier {value} of {category}",
            window_days=90,
        ),
        Feature(
            "category_mean_tier_viewed",
            "Mean tier of the products of the category viewed so far",
            "tier",
            "no view of a known product of the category is known",
            "Looks at tier {value} of {category} on average",
        ),
        Feature(
            "category_view_rate",
            "Views of the category a year since the customer is known, counting 100 days more",
            "count",
            NO_INTEREST,
            "Views {category} {value} [time|times] a year",
        ),
    ),
)

"""Web and app: what was looked at, searched for and left in the cart; at candidate grain, where."""

import ibis.expr.types as ir

from pipeline.features.catalogue import NEVER, Feature, candidate, windowed
from pipeline.features.family import View
from pipeline.features.measures import MILLI, ratio, recency_weight, within
from pipeline.population.joins import left_join

NEEDS = ("interactions",)
DIGITAL = ("web", "app")
VIEW = "product_view"
NO_SESSION = "no web or app interaction is known"
NO_INTEREST = "no web or app interaction with the category is known"
HALF_LIFE_DAYS = 14

FEATURES = (
    *windowed(
        Feature(
            "sessions",
            "Web and app visits and log-ins in the last {days} days",
            "count",
            NO_SESSION,
            "Opened the website or app [once|{value} times] in the last {days} days",
        ),
        (7, 30, 90),
    ),
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
    *windowed(
        Feature(
            "searches",
            "Searches in the last {days} days",
            "count",
            NO_SESSION,
            "Searched [once|{value} times] in the last {days} days",
        ),
        (30, 90),
    ),
    *windowed(
        Feature(
            "carts",
            "Products put into the cart in the last {days} days",
            "count",
            NO_SESSION,
            "Put {value} [product|products] into the cart in the last {days} days",
        ),
        (30, 90),
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
            "viewed_categories",
            "Distinct categories viewed in the last {days} days",
            "count",
            NO_SESSION,
            "Viewed {value} [category|categories] in the last {days} days",
        ),
        (30,),
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
            "mobile_share",
            "Share of digital interactions on a mobile device in the last {days} days",
            "share",
            "no interaction with a known device in the window",
            "{value} of web and app use is on a mobile device",
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
            (7, 30, 90),
        ),
        *windowed(
            Feature(
                "category_carts",
                "Products of the category put into the cart in the last {days} days",
                "count",
                NO_INTEREST,
                "Put {category} into the cart [once|{value} times] in the last {days} days",
            ),
            (30,),
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
            "category_tier_viewed",
            "Highest tier of the category viewed in the last 90 days",
            "tier",
            "no view of the category in the window",
            "Looked at tier {value} of {category}",
            window_days=90,
        ),
    ),
)


def customer_features(view: View) -> ir.Table:
    """Return one row per customer with a known web or app interaction."""
    touches = _digital(view)
    is_session = touches.kind.isin(("visit", "login"))
    in_quarter = within(touches, 90)

    def count(condition: ir.BooleanValue, days: int) -> ir.IntegerValue:
        return touches.count(where=condition & within(touches, days))

    is_view, is_cart = touches.kind == VIEW, touches.kind == "cart_add"
    return touches.group_by("as_of_date", "customer_id").aggregate(
        **{f"sessions__{days}d": count(is_session, days) for days in (7, 30, 90)},
        **{f"views__{days}d": count(is_view, days) for days in (7, 30, 90)},
        **{f"searches__{days}d": count(touches.kind == "search", days) for days in (30, 90)},
        **{f"carts__{days}d": count(is_cart, days) for days in (30, 90)},
        view_trend=ratio(3 * count(is_view, 30), count(is_view, 90)),
        days_since_session=touches.age_days.min(),
        viewed_categories__30d=touches.category.nunique(where=is_view & within(touches, 30)),
        app_share__90d=ratio(count(touches.channel == "app", 90), touches.count(where=in_quarter)),
        mobile_share__90d=ratio(
            count(touches.device == "mobile", 90), count(touches.device.notnull(), 90)
        ),
        duration__90d=ratio(
            touches.duration_seconds.sum(where=in_quarter).cast("int64"),
            count(touches.duration_seconds.notnull(), 90),
        ),
    )


def candidate_features(view: View) -> ir.Table:
    """Return one row per customer and category that was looked at on the web or in the app."""
    every = _digital(view)
    touches = every.filter(every.category.notnull())
    is_view = touches.kind == VIEW

    def views(days: int) -> ir.IntegerValue:
        return touches.count(where=is_view & within(touches, days))

    measures = touches.group_by("as_of_date", "customer_id", "category").aggregate(
        **{f"category_views__{days}d": views(days) for days in (7, 30, 90)},
        category_carts__30d=touches.count(where=(touches.kind == "cart_add") & within(touches, 30)),
        days_since_category_view=touches.age_days.min(),
        interest=recency_weight(touches, HALF_LIFE_DAYS).sum().cast("int64"),
        category_tier_viewed=touches.tier.max(where=is_view & within(touches, 90)),
    )
    totals = touches.group_by("as_of_date", "customer_id").aggregate(all_views=views(90))
    joined = left_join(measures, totals, ["as_of_date", "customer_id"])
    return joined.mutate(
        category_interest=joined.interest.cast("float64") / float(MILLI),
        category_view_share__90d=ratio(joined.category_views__90d, joined.all_views),
    ).drop("interest", "all_views")


def _digital(view: View) -> ir.Table:
    touches = view.history.known("interactions")
    return touches.filter(touches.channel.isin(DIGITAL))

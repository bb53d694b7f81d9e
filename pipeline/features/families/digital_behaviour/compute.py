"""Web and app: what was looked at, searched for and left in the cart; at candidate grain, where."""

import ibis
import ibis.expr.types as ir

from pipeline.features.feature import KEYS, YEAR_DAYS
from pipeline.features.view import View
from pipeline.features.window_expressions import (
    MILLI,
    SEASON_DAYS,
    a_year_ago,
    ratio,
    recency_weight,
    within,
)
from pipeline.foundation.contracts.keys import CUSTOMER_KEYS
from pipeline.population.holdings import offered_products
from pipeline.population.joins import left_join

DIGITAL = ("web", "app")
VIEW, CART = "product_view", "cart_add"
HALF_LIFE_DAYS = 14
PRIOR_DAYS = 100
"""A rate counts as if the customer had been known for so many days more: a short past says little."""


def customer_features(view: View) -> ir.Table:
    """Return one row per customer with a known web or app interaction."""
    touches = _digital(view)
    is_session, is_view = touches.kind.isin(("visit", "login")), touches.kind == VIEW
    in_quarter = within(touches, 90)

    def count(condition: ir.BooleanValue, days: int) -> ir.IntegerValue:
        return touches.count(where=condition & within(touches, days))

    measures = touches.group_by(KEYS["customer"]).aggregate(
        **{f"views__{days}d": count(is_view, days) for days in (7, 30, 90)},
        sessions__season=touches.count(where=is_session & a_year_ago(touches, SEASON_DAYS)),
        view_trend=ratio(3 * count(is_view, 30), count(is_view, 90)),
        views_per_session__90d=ratio(count(is_view, 90), count(is_session, 90)),
        days_since_session=touches.age_days.min(),
        interest=_interest(touches).cast("float64") / float(MILLI),
        app_share__90d=ratio(count(touches.channel == "app", 90), touches.count(where=in_quarter)),
        duration__90d=ratio(
            touches.duration_seconds.sum(where=in_quarter).cast("int64"),
            count(touches.duration_seconds.notnull(), 90),
        ),
    )
    measures = left_join(measures, _days(view), KEYS["customer"])
    found = left_join(measures, _viewed(view), KEYS["customer"])
    return found.mutate(active_days__90d=found.active_days__90d.fill_null(0))


def _days(view: View) -> ir.Table:
    """Return on how many of the last 90 days a customer came, and on how many for one click."""
    touches = _digital(view, days=90)
    days = touches.group_by(*KEYS["customer"], "age_days").aggregate(touches=touches.count())
    return days.group_by(KEYS["customer"]).aggregate(
        active_days__90d=days.count(),
        bounce_share__90d=ratio(days.count(where=days.touches == 1), days.count()),
    )


def _viewed(view: View) -> ir.Table:
    """Return which categories a customer viewed in the last 90 days."""
    views = _views(view)
    categories = views.group_by(KEYS["candidate"]).aggregate(
        views=views.count(),
        age_seconds=views.age_seconds.min(),
    )
    customer = [categories[key] for key in KEYS["customer"]]
    last = categories.age_seconds.min().over(group_by=customer)
    categories = categories.mutate(is_last=categories.age_seconds == last)
    return categories.group_by(KEYS["customer"]).aggregate(
        top_category_share__90d=ratio(categories.views.max(), categories.views.sum().cast("int64")),
        last_category=categories.category.min(where=categories.is_last),
    )


def candidate_features(view: View) -> ir.Table:
    """Return one row per customer and category that was looked at, or whose brands were."""
    keys = KEYS["candidate"]
    views = _views(view)
    brands = views.group_by(*keys, "brand").aggregate(views=views.count())
    brands = brands.filter(brands.brand.notnull())
    looked_at = left_join(_looked_at(view), _brands(brands), keys)
    joined = looked_at.outer_join(_elsewhere(view, brands), keys)
    return joined.mutate(
        **{key: ibis.coalesce(joined[key], joined[f"{key}_right"]) for key in keys},
        brand_views_elsewhere__90d=joined.brand_views_elsewhere__90d.fill_null(0),
    ).drop(*[f"{key}_right" for key in keys])


def _looked_at(view: View) -> ir.Table:
    every = _digital(view)
    touches = every.filter(every.category.notnull())
    is_view = touches.kind == VIEW
    measures = touches.group_by(KEYS["candidate"]).aggregate(
        **{
            f"category_views__{days}d": touches.count(where=is_view & within(touches, days))
            for days in (30, 90)
        },
        category_views__season=touches.count(where=is_view & a_year_ago(touches, SEASON_DAYS)),
        days_since_category_view=touches.age_days.min(),
        days_since_category_cart=touches.age_days.min(where=touches.kind == CART),
        view_age=touches.age_seconds.min(where=is_view),
        interest=_interest(touches),
        category_tier_viewed=touches.tier.max(where=is_view & within(touches, 90)),
        category_mean_tier_viewed=ratio(
            touches.tier.sum(where=is_view).cast("int64"),
            touches.count(where=is_view & touches.tier.notnull()),
        ),
        views=touches.count(where=is_view),
    )
    measures = left_join(measures, _known_days(view), KEYS["customer"])
    customer = [measures[key] for key in KEYS["customer"]]

    def share(part: ir.IntegerColumn) -> ir.NumericValue:
        return ratio(part, part.sum().over(group_by=customer).cast("int64"))

    views_since = ibis.rank().over(group_by=customer, order_by=measures.view_age)
    return measures.mutate(
        category_interest=measures.interest.cast("float64") / float(MILLI),
        category_interest_share=share(measures.interest),
        category_view_share__90d=share(measures.category_views__90d),
        category_view_rate=ratio(YEAR_DAYS * measures.views, measures.known_days + PRIOR_DAYS),
        category_views_since=ibis.ifelse(
            measures.view_age.notnull(), views_since.cast("int64"), ibis.null("int64")
        ),
    ).drop("interest", "view_age", "views", "known_days")


def _known_days(view: View) -> ir.Table:
    """Return for how many days each customer has been known."""
    customers = view.customers
    days = customers.as_of_date.delta(customers.known_from.date(), unit="day").cast("int64")
    return customers.select(*KEYS["customer"], known_days=days)


def _brands(brands: ir.Table) -> ir.Table:
    """Return how far the views of the category are of one brand."""
    return brands.group_by(KEYS["candidate"]).aggregate(
        category_top_brand_share__90d=ratio(brands.views.max(), brands.views.sum().cast("int64")),
    )


def _elsewhere(view: View, brands: ir.Table) -> ir.Table:
    """Return the views of brands that a category offers too, in the categories beside it."""
    offered = offered_products(view.history)
    offered = offered.select("as_of_date", "brand", offers=offered.category).distinct()
    pairs = brands.join(offered, ["as_of_date", "brand"])
    pairs = pairs.filter(pairs.offers != pairs.category)
    return pairs.group_by(*CUSTOMER_KEYS, category=pairs.offers).aggregate(
        brand_views_elsewhere__90d=pairs.views.sum().cast("int64")
    )


def _digital(view: View, days: int | None = None) -> ir.Table:
    return view.known("interactions", lambda rows: rows.channel.isin(DIGITAL), days)


def _views(view: View) -> ir.Table:
    """Return the views of products of the last 90 days."""
    return view.known(
        "interactions",
        lambda rows: rows.channel.isin(DIGITAL) & (rows.kind == VIEW) & rows.product_id.notnull(),
        days=90,
    )


def _interest(touches: ir.Table) -> ir.IntegerValue:
    return recency_weight(touches, HALF_LIFE_DAYS).sum().cast("int64")

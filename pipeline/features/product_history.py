"""Acquisitions, cancellations and returns: the whole ledger and, at candidate grain, the category."""

import ibis.expr.types as ir

from pipeline.features.catalogue import NEVER, Feature, candidate, windowed
from pipeline.features.family import View
from pipeline.features.measures import YEAR_DAYS, a_year_ago, money, ratio, within
from pipeline.population.holdings import available_categories
from pipeline.population.joins import left_join

NEEDS = ("product_events",)
SEASON_DAYS = 30
NO_EVENTS = "no product event is known"
NO_EVENTS_IN_CATEGORY = "no product event of the category is known"

FEATURES = (
    *windowed(
        Feature(
            "acquisitions",
            "Products acquired in the last {days} days",
            "count",
            NO_EVENTS,
            "Acquired {value} [product|products] in the last {days} days",
        ),
        (7, 30, 90, 365),
    ),
    *windowed(
        Feature(
            "spend",
            "Amount of acquisitions in the last {days} days",
            "money",
            NO_EVENTS,
            "Spent {value} in the last {days} days",
        ),
        (30, 90, 365),
    ),
    Feature(
        "acquisitions__season",
        "Products acquired a year ago, in the 30 days that are now to come",
        "count",
        NO_EVENTS,
        "Acquired {value} [product|products] in this season a year ago",
        window_days=YEAR_DAYS,
    ),
    Feature(
        "acquisition_trend",
        "Acquisitions of the last 30 days over the monthly mean of the last 90",
        "ratio",
        "no acquisition in the last 90 days",
        "Buys at {value} times the usual pace",
        window_days=90,
    ),
    *windowed(
        Feature(
            "cancellations",
            "Products cancelled in the last {days} days",
            "count",
            NO_EVENTS,
            "Cancelled {value} [product|products] in the last {days} days",
        ),
        (90, 365),
    ),
    *windowed(
        Feature(
            "returned_share",
            "Returns over acquisitions in the last {days} days",
            "share",
            "no acquisition in the window",
            "Returned {value} of what was bought in the last {days} days",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "discount_share",
            "Discount over spend and discount in the last {days} days",
            "share",
            "nothing spent in the window",
            "Discounts make up {value} of the value bought",
        ),
        (365,),
    ),
    Feature(
        "days_since_acquisition",
        "Days since the last acquisition",
        "days",
        NEVER,
        "Last bought {value} [day|days] ago",
    ),
    Feature(
        "days_since_cancellation",
        "Days since the last cancellation",
        "days",
        NEVER,
        "Last cancelled {value} [day|days] ago",
    ),
    Feature(
        "days_between_acquisitions",
        "Mean days between days with an acquisition, over the whole history",
        "days",
        "fewer than two such days",
        "Buys every [day|{value} days]",
    ),
    *windowed(
        Feature(
            "order_value",
            "Mean amount of an acquisition in the last {days} days",
            "money",
            "no acquisition in the window",
            "Usually pays {value}",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "categories",
            "Distinct categories acquired in the last {days} days",
            "count",
            NO_EVENTS,
            "Bought from {value} [category|categories] in the last {days} days",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "mean_tier",
            "Mean tier of acquisitions in the last {days} days",
            "tier",
            "no acquisition in the window",
            "Usually buys tier {value}",
        ),
        (365,),
    ),
    Feature(
        "held_categories",
        "Categories held",
        "count",
        "nothing is held",
        "Holds products of {value} [category|categories]",
    ),
    Feature(
        "held_products",
        "Products held",
        "count",
        "nothing is held",
        "Holds {value} [product|products]",
    ),
    *candidate(
        Feature(
            "days_since_category_acquisition",
            "Days since the last acquisition in the category",
            "days",
            NEVER,
            "Last bought {category} {value} [day|days] ago",
        ),
        Feature(
            "days_since_category_cancellation",
            "Days since the last cancellation or return in the category",
            "days",
            NEVER,
            "Gave up {category} {value} [day|days] ago",
        ),
        Feature(
            "category_acquisitions",
            "Acquisitions in the category, ever",
            "count",
            NO_EVENTS_IN_CATEGORY,
            "Bought {category} [once|{value} times] so far",
        ),
        Feature(
            "days_between_category_acquisitions",
            "Mean days between days with an acquisition in the category",
            "days",
            "fewer than two such days",
            "Buys {category} every [day|{value} days]",
        ),
        Feature(
            "category_overdue",
            "Days since the last acquisition over the mean days between them",
            "ratio",
            "fewer than two such days",
            "Since the last {category}, {value} times the usual interval has passed",
        ),
        Feature(
            "category_share",
            "Share of all the customer's acquisitions that are of the category",
            "share",
            NO_EVENTS_IN_CATEGORY,
            "{category} makes up {value} of what the customer buys",
        ),
        Feature(
            "category_acquisitions__season",
            "Acquisitions in the category a year ago, in the 30 days that are now to come",
            "count",
            NO_EVENTS_IN_CATEGORY,
            "Bought {category} [once|{value} times] in this season a year ago",
            window_days=YEAR_DAYS,
        ),
        Feature(
            "category_highest_tier",
            "Highest tier of the category ever acquired",
            "tier",
            NO_EVENTS_IN_CATEGORY,
            "Has had tier {value} of {category}",
        ),
        Feature(
            "category_held_tier",
            "Highest tier of the category held",
            "tier",
            "nothing of the category is held",
            "Holds tier {value} of {category}",
        ),
        Feature(
            "category_steps_to_top",
            "Tiers between the highest held and the highest on offer",
            "tier",
            "nothing of the category is held",
            "Can still move up {value} [tier|tiers] of {category}",
        ),
        Feature(
            "category_held_days",
            "Days since the first acquisition of what is held of the category",
            "days",
            "nothing of the category is held",
            "Has held {category} for {value} [day|days]",
        ),
    ),
    *candidate(
        *windowed(
            Feature(
                "category_acquisitions",
                "Acquisitions in the category in the last {days} days",
                "count",
                NO_EVENTS_IN_CATEGORY,
                "Bought {category} [once|{value} times] in the last {days} days",
            ),
            (30, 90, 365),
        ),
        *windowed(
            Feature(
                "category_spend",
                "Amount of acquisitions in the category in the last {days} days",
                "money",
                NO_EVENTS_IN_CATEGORY,
                "Spent {value} on {category} in the last {days} days",
            ),
            (365,),
        ),
    ),
)


def customer_features(view: View) -> ir.Table:
    """Return one row per customer with a known product event."""
    events = view.history.known("product_events")
    is_acquired = events.kind == "acquired"
    is_cancelled = events.kind == "cancelled"

    def acquired(days: int) -> ir.BooleanValue:
        return is_acquired & within(events, days)

    measures = events.group_by("as_of_date", "customer_id").aggregate(
        **{
            f"acquisitions__{days}d": events.count(where=acquired(days))
            for days in (7, 30, 90, 365)
        },
        **{
            f"spend__{days}d": money(_sum(events.amount_cents, acquired(days)))
            for days in (30, 90, 365)
        },
        **{
            f"cancellations__{days}d": events.count(where=is_cancelled & within(events, days))
            for days in (90, 365)
        },
        acquisitions__season=events.count(where=is_acquired & a_year_ago(events, SEASON_DAYS)),
        acquisition_trend=ratio(
            3 * events.count(where=acquired(30)), events.count(where=acquired(90))
        ),
        returned_share__365d=ratio(
            events.count(where=(events.kind == "returned") & within(events, 365)),
            events.count(where=acquired(365)),
        ),
        discount_share__365d=ratio(
            _sum(events.discount_cents, acquired(365)),
            _sum(events.discount_cents, acquired(365)) + _sum(events.amount_cents, acquired(365)),
        ),
        days_since_acquisition=events.age_days.min(where=is_acquired),
        days_since_cancellation=events.age_days.min(where=is_cancelled),
        days_between_acquisitions=_gap(events, is_acquired),
        order_value__365d=ratio(
            _sum(events.amount_cents, acquired(365)), 100 * events.count(where=acquired(365))
        ),
        categories__90d=events.category.nunique(where=acquired(90)),
        mean_tier__365d=ratio(_sum(events.tier, acquired(365)), events.count(where=acquired(365))),
    )
    held = view.held
    holdings = held.group_by("as_of_date", "customer_id").aggregate(
        held_categories=held.category.nunique(), held_products=held.count()
    )
    return left_join(measures, holdings, ["as_of_date", "customer_id"])


def candidate_features(view: View) -> ir.Table:
    """Return one row per customer and category with a known product event."""
    keys = ["as_of_date", "customer_id", "category"]
    events = view.history.known("product_events")
    is_acquired = events.kind == "acquired"
    since = events.age_days.min(where=is_acquired)
    measures = events.group_by(keys).aggregate(
        **{
            f"category_acquisitions__{days}d": events.count(
                where=is_acquired & within(events, days)
            )
            for days in (30, 90, 365)
        },
        days_since_category_acquisition=since,
        days_since_category_cancellation=events.age_days.min(where=~is_acquired),
        category_acquisitions=events.count(where=is_acquired),
        days_between_category_acquisitions=_gap(events, is_acquired),
        category_overdue=ratio(since, _gap(events, is_acquired)),
        category_acquisitions__season=events.count(
            where=is_acquired & a_year_ago(events, SEASON_DAYS)
        ),
        category_highest_tier=events.tier.max(where=is_acquired),
        category_spend__365d=money(_sum(events.amount_cents, is_acquired & within(events, 365))),
    )
    totals = events.group_by("as_of_date", "customer_id").aggregate(
        acquisitions=events.count(where=is_acquired)
    )
    measures = left_join(measures, totals, ["as_of_date", "customer_id"])
    measures = measures.mutate(
        category_share=ratio(measures.category_acquisitions, measures.acquisitions)
    ).drop("acquisitions")
    return left_join(measures, _held(view), keys)


def _held(view: View) -> ir.Table:
    held = view.held
    tiers = held.group_by("as_of_date", "customer_id", "category").aggregate(
        category_held_tier=held.tier.max(), category_held_days=held.held_days.max()
    )
    offered = left_join(tiers, available_categories(view.history), ["as_of_date", "category"])
    return offered.mutate(category_steps_to_top=offered.top_tier - offered.category_held_tier).drop(
        "top_tier"
    )


def _sum(column: ir.IntegerColumn, where: ir.BooleanValue) -> ir.IntegerValue:
    """Add whole numbers; nothing to add is zero."""
    return column.sum(where=where).cast("int64").fill_null(0)


def _gap(events: ir.Table, where: ir.BooleanValue) -> ir.NumericValue:
    """Return the mean days between days with an event: the span over the number of gaps."""
    days = events.age_days.nunique(where=where)
    span = events.age_days.max(where=where) - events.age_days.min(where=where)
    return ratio(span, days - 1)

"""Acquisitions, cancellations and returns: the whole ledger and, at candidate grain, the category."""

import ibis
import ibis.expr.types as ir

from pipeline.features.catalogue import NEVER, Feature, candidate, windowed
from pipeline.features.family import View
from pipeline.features.measures import MILLI, YEAR_DAYS, money, ratio
from pipeline.features.purchases import of_customers
from pipeline.population.holdings import available_categories, held_before
from pipeline.population.joins import left_join

NEEDS = ("product_events",)
LAG_DAYS = (30, 60, 90, 150, 180, 360)
ONE_DAY = "fewer than two such days"
FEW_GAPS = "fewer than three such days"
NO_STEP = "fewer than two days with an acquisition in a category"
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
        (7, 90, 365),
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
        (365,),
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
        ONE_DAY,
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
    *(
        Feature(
            f"held_products__{days}d_ago",
            f"Products that were held {days} days before the as-of date",
            "count",
            NO_EVENTS,
            f"Held {{value}} [product|products] {days} days ago",
            window_days=days,
        )
        for days in LAG_DAYS
    ),
    Feature(
        "days_since_first_acquisition",
        "Days since the first acquisition",
        "days",
        NEVER,
        "First bought {value} [day|days] ago",
    ),
    Feature(
        "days_since_second_last_acquisition",
        "Days since the last day but one with an acquisition",
        "days",
        ONE_DAY,
        "The purchase before the last was {value} [day|days] ago",
    ),
    Feature(
        "days_since_second_last_cancellation",
        "Days since the last day but one with a cancellation",
        "days",
        ONE_DAY,
        "The cancellation before the last was {value} [day|days] ago",
    ),
    Feature(
        "acquisition_overdue",
        "Days since the last acquisition over the mean days between them",
        "ratio",
        ONE_DAY,
        "Since the last purchase, {value} times the usual interval has passed",
    ),
    Feature(
        "gap_variation",
        "Standard deviation over mean of the days between days with an acquisition",
        "ratio",
        FEW_GAPS,
        "Irregularity of the days between purchases: {value} (0 is regular)",
    ),
    Feature(
        "acquisition_intensity",
        "Acquisitions, each counting half as much for every 30 days back",
        "score",
        NO_EVENTS,
        "Has bought a lot lately: {value} purchases, recent ones counting most",
    ),
    *windowed(
        Feature(
            "acquisition_days",
            "Days with an acquisition in the last {days} days",
            "count",
            NO_EVENTS,
            "Bought on {value} [day|days] of the last {days} days",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "spend_to_mean",
            "Spend of the last {days} days over the mean of all customers with a purchase so far",
            "ratio",
            NO_EVENTS,
            "Spent {value} times as much as the average customer in the last {days} days",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "spend_to_own_past",
            "Spend of the last {days} days over the customer's mean of as many days of the last year",
            "ratio",
            "nothing spent in the last year",
            "Spent {value} times as much as usual in the last {days} days",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "discounted_share",
            "Share of the acquisitions of the last {days} days that had a discount",
            "share",
            "no acquisition in the window",
            "Bought {value} at a discount",
        ),
        (365,),
    ),
    Feature(
        "brand_repeat_share",
        "Share of acquisitions of the brand that was acquired before in the category",
        "share",
        NO_STEP,
        "Stays with the same brand {value} of the time",
    ),
    Feature(
        "upgrades",
        "Acquisitions of a higher tier than the one before in the category",
        "count",
        NO_EVENTS,
        "Moved up a tier [once|{value} times] so far",
    ),
    Feature(
        "downgrades",
        "Acquisitions of a lower tier than the one before in the category",
        "count",
        NO_EVENTS,
        "Moved down a tier [once|{value} times] so far",
    ),
    *windowed(
        Feature(
            "tier_place",
            "Mean place of the tier acquired, from 0, the lowest, to 1, the highest on offer, in the "
            "last {days} days",
            "share",
            "no acquisition in a category with more than one tier in the window",
            "Usually buys at {value} of the way to the top tier",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "new_categories",
            "Categories acquired for the first time in the last {days} days",
            "count",
            NO_EVENTS,
            "Bought {value} [new category|new categories] in the last {days} days",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "top_category",
            "Category with the most acquisitions in the last {days} days",
            "text",
            "no acquisition in the window",
            "Buys {value} most often",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "top_category_share",
            "Share of the acquisitions of the last {days} days in the category with the most",
            "share",
            "no acquisition in the window",
            "Makes {value} of all purchases in one category",
        ),
        (365,),
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
            ONE_DAY,
            "Buys {category} every [day|{value} days]",
        ),
        Feature(
            "category_overdue",
            "Days since the last acquisition over the mean days between them",
            "ratio",
            ONE_DAY,
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
        Feature(
            "days_since_second_last_category_acquisition",
            "Days since the last day but one with an acquisition in the category",
            "days",
            ONE_DAY,
            "Bought {category} the time before last {value} [day|days] ago",
        ),
        Feature(
            "category_gap_variation",
            "Standard deviation over mean of the days between days with an acquisition in the category",
            "ratio",
            FEW_GAPS,
            "Irregularity of the days between purchases of {category}: {value} (0 is regular)",
        ),
        Feature(
            "category_overdue_typical",
            "Days since the last acquisition in the category over all customers' mean days between",
            "ratio",
            "never acquired, or nobody acquired the category twice",
            "Since the last {category}, {value} times the interval of most customers has passed",
        ),
        Feature(
            "days_since_category_ran_out",
            "Days since what was acquired of the category ran out",
            "days",
            "nothing has run out, or it was given up",
            "{category} ran out {value} [day|days] ago",
        ),
        Feature(
            "days_until_category_runs_out",
            "Days until what was acquired of the category runs out",
            "days",
            "nothing will run out, or it was given up",
            "{category} runs out in {value} [day|days]",
        ),
        Feature(
            "category_intensity",
            "Acquisitions in the category, each counting half as much for every 30 days back",
            "score",
            NO_EVENTS_IN_CATEGORY,
            "Has bought a lot of {category} lately: {value} purchases, recent ones counting most",
        ),
        Feature(
            "category_trend",
            "Acquisitions in the category of the last 30 days over the monthly mean of the last 90",
            "ratio",
            "no acquisition in the category in the last 90 days",
            "Buys {category} at {value} times the usual pace",
            window_days=90,
        ),
        Feature(
            "category_brand_repeat_share",
            "Share of acquisitions in the category of the brand that was acquired before",
            "share",
            "fewer than two days with an acquisition in the category",
            "Stays with the same brand of {category} {value} of the time",
        ),
    ),
    *candidate(
        *windowed(
            Feature(
                "category_day_share",
                "Share of the days with an acquisition in the last {days} days that had the category",
                "share",
                "no acquisition in the window",
                "{category} is in {value} of the purchases",
            ),
            (365,),
        ),
        *windowed(
            Feature(
                "category_spend_share",
                "Share of the spend of the last {days} days that went to the category",
                "share",
                "nothing spent in the window",
                "Spends {value} of the money on {category}",
            ),
            (365,),
        ),
        *windowed(
            Feature(
                "category_price_level",
                "Mean amount of an acquisition in the category over that of all customers, in the "
                "last {days} days",
                "ratio",
                "no acquisition in the category in the window",
                "Pays {value} times as much for {category} as the average customer",
            ),
            (365,),
        ),
        *windowed(
            Feature(
                "category_acquisitions",
                "Acquisitions in the category in the last {days} days",
                "count",
                NO_EVENTS_IN_CATEGORY,
                "Bought {category} [once|{value} times] in the last {days} days",
            ),
            (365,),
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
    keys = ["as_of_date", "customer_id"]
    rows = left_join(of_customers(view.bought), _breadth(view), keys)
    rows = left_join(rows, held_before(view.history, LAG_DAYS), keys)
    rows = left_join(rows, _mean_spend(rows), ["as_of_date"])
    between = ratio(rows.first_acquired - rows.last_acquired, rows.n_days - 1)
    measures = rows.select(
        *keys,
        **{f"acquisitions__{days}d": rows[f"n_acquired_{days}"] for days in (7, 90, 365)},
        **{f"spend__{days}d": money(rows[f"sum_cents_{days}"]) for days in (30, 90, 365)},
        cancellations__365d=rows.n_cancelled_365,
        **{f"held_products__{days}d_ago": rows[f"held_{days}"] for days in LAG_DAYS},
        acquisition_trend=ratio(3 * rows.n_acquired_30, rows.n_acquired_90),
        returned_share__365d=ratio(rows.n_returned_365, rows.n_acquired_365),
        discount_share__365d=ratio(
            rows.sum_discount_cents_365, rows.sum_discount_cents_365 + rows.sum_cents_365
        ),
        discounted_share__365d=ratio(rows.n_discounted_365, rows.n_acquired_365),
        days_since_acquisition=rows.last_acquired,
        days_since_second_last_acquisition=rows.second_last_acquired,
        days_since_first_acquisition=rows.first_acquired,
        days_since_cancellation=rows.last_cancelled,
        days_since_second_last_cancellation=rows.second_last_cancelled,
        days_between_acquisitions=between,
        acquisition_overdue=ratio(rows.last_acquired, between),
        gap_variation=_variation(rows.n_gaps, rows.sum_gaps, rows.sum_squared_gaps),
        acquisition_intensity=rows.sum_weight.cast("float64") / float(MILLI),
        acquisition_days__90d=rows.n_days_90,
        order_value__365d=ratio(rows.sum_cents_365, 100 * rows.n_acquired_365),
        spend_to_mean__90d=ratio(rows.sum_cents_90, rows.mean_cents_90),
        spend_to_own_past__90d=ratio(YEAR_DAYS * rows.sum_cents_90, 90 * rows.sum_cents_365),
        mean_tier__365d=ratio(rows.sum_tiers_365, rows.n_acquired_365),
        brand_repeat_share=ratio(rows.n_brand_repeats, rows.n_brand_choices),
        upgrades=rows.n_upgrades,
        downgrades=rows.n_downgrades,
        categories__90d=rows.categories__90d,
        new_categories__90d=rows.new_categories__90d,
        tier_place__365d=rows.tier_place__365d,
        top_category__365d=rows.top_category__365d,
        top_category_share__365d=ratio(rows.most_acquired_365, rows.n_acquired_365),
    )
    return left_join(measures, _holdings(view), keys)


def _breadth(view: View) -> ir.Table:
    """Return what each customer's categories say beside one another."""
    bought = left_join(view.bought, available_categories(view.history), ["as_of_date", "category"])
    place = ratio(bought.sum_tiers_365 - bought.n_acquired_365, bought.top_tier - 1)
    # In whole thousandths, since a sum of floats would depend on the order it is added in.
    bought = bought.mutate(place_milli=(MILLI * place + 0.5).floor().cast("int64"))
    # Of equals the last by name: the count comes first in the text, in as many digits for all.
    count_and_name = (10**9 + bought.n_acquired_365).cast("string") + bought.category
    has_tiers = bought.place_milli.notnull()
    rows = bought.group_by("as_of_date", "customer_id").aggregate(
        categories__90d=bought.count(where=bought.n_acquired_90 > 0),
        new_categories__90d=bought.count(where=bought.first_acquired.fill_null(10**9) <= 90),
        most_acquired_365=bought.n_acquired_365.max(),
        top=count_and_name.max(where=bought.n_acquired_365 > 0),
        places=bought.place_milli.sum().cast("int64"),
        placed=bought.n_acquired_365.sum(where=has_tiers).cast("int64"),
    )
    return rows.mutate(
        top_category__365d=rows.top.substr(10),
        tier_place__365d=ratio(rows.places, MILLI * rows.placed),
    ).drop("top", "places", "placed")


def _mean_spend(customers: ir.Table) -> ir.Table:
    return customers.group_by("as_of_date").aggregate(
        mean_cents_90=ratio(customers.sum_cents_90.sum().cast("int64"), customers.count())
    )


def _holdings(view: View) -> ir.Table:
    held = view.held
    return held.group_by("as_of_date", "customer_id").aggregate(
        held_categories=held.category.nunique(), held_products=held.count()
    )


def candidate_features(view: View) -> ir.Table:
    """Return one row per customer and category with a known product event."""
    keys = ["as_of_date", "customer_id", "category"]
    bought = view.bought
    totals = bought.group_by("as_of_date", "customer_id").aggregate(
        all_acquired=_total(bought.n_acquired),
        all_days_365=_total(bought.n_days_365),
        all_cents_365=_total(bought.sum_cents_365),
    )
    rows = left_join(bought, totals, ["as_of_date", "customer_id"])
    rows = left_join(rows, _usual(bought), ["as_of_date", "category"])
    between = ratio(rows.first_acquired - rows.last_acquired, rows.n_category_days - 1)
    is_kept = rows.last_ended.isnull() | (rows.last_ended > rows.last_acquired)
    measures = rows.select(
        *keys,
        days_since_category_acquisition=rows.last_acquired,
        days_since_second_last_category_acquisition=rows.second_last_in_category,
        days_since_category_cancellation=rows.last_ended,
        category_acquisitions=rows.n_acquired,
        days_between_category_acquisitions=between,
        category_overdue=ratio(rows.last_acquired, between),
        category_overdue_typical=ratio(rows.last_acquired, rows.usual_gap),
        category_gap_variation=_variation(
            rows.n_category_gaps, rows.sum_category_gaps, rows.sum_category_squared_gaps
        ),
        days_since_category_ran_out=_if(is_kept & (rows.runs_out < 0), -rows.runs_out),
        days_until_category_runs_out=_if(is_kept & (rows.runs_out >= 0), rows.runs_out),
        category_intensity=rows.sum_weight.cast("float64") / float(MILLI),
        category_trend=ratio(3 * rows.n_acquired_30, rows.n_acquired_90),
        category_acquisitions__365d=rows.n_acquired_365,
        category_acquisitions__season=rows.n_acquired_season,
        category_highest_tier=rows.highest_tier,
        category_spend__365d=money(rows.sum_cents_365),
        category_share=ratio(rows.n_acquired, rows.all_acquired),
        category_day_share__365d=ratio(rows.n_category_days_365, rows.all_days_365),
        category_spend_share__365d=ratio(rows.sum_cents_365, rows.all_cents_365),
        category_price_level__365d=ratio(
            ratio(rows.sum_cents_365, rows.n_priced_365), rows.usual_cents
        ),
        category_brand_repeat_share=ratio(rows.n_brand_repeats, rows.n_brand_choices),
    )
    return left_join(measures, _held(view), keys)


def _usual(bought: ir.Table) -> ir.Table:
    """Return all customers' mean days between acquisitions and mean amount, by category."""
    return bought.group_by("as_of_date", "category").aggregate(
        usual_gap=ratio(_total(bought.sum_category_gaps), _total(bought.n_category_gaps)),
        usual_cents=ratio(_total(bought.sum_cents_365), _total(bought.n_priced_365)),
    )


def _held(view: View) -> ir.Table:
    held = view.held
    tiers = held.group_by("as_of_date", "customer_id", "category").aggregate(
        category_held_tier=held.tier.max(), category_held_days=held.held_days.max()
    )
    offered = left_join(tiers, available_categories(view.history), ["as_of_date", "category"])
    return offered.mutate(category_steps_to_top=offered.top_tier - offered.category_held_tier).drop(
        "top_tier"
    )


def _variation(
    count: ir.IntegerValue, total: ir.IntegerValue, squares: ir.IntegerValue
) -> ir.NumericValue:
    """Return the standard deviation over the mean; whole numbers until the root is drawn."""
    spread = (count * squares - total * total).cast("float64").sqrt()
    return _if(count >= 2, ratio(spread, total))


def _total(column: ir.IntegerValue) -> ir.IntegerValue:
    return column.sum().cast("int64")


def _if(condition: ir.BooleanValue, value: ir.Value) -> ir.Value:
    return ibis.ifelse(condition, value, ibis.null(value.type()))

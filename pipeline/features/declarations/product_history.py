"""What `product_history` says: each feature with its unit, what its absence means, and its sentence."""

from pipeline.features.catalogue import NEVER, Feature, candidate, windowed
from pipeline.features.measures import YEAR_DAYS

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

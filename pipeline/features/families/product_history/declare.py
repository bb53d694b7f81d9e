"""The features of this family: the unit of each, what its absence means, and when it is a reason."""

from pipeline.features.feature import NEVER, YEAR_DAYS, Feature, candidate, windowed
from pipeline.features.reason_range import (
    DUE,
    LATELY,
    LESS_THAN_USUAL,
    MOST,
    NEVER_TOLD,
    ONE_OR_MORE,
    REGULAR,
    RISING,
    SOON,
    ReasonRange,
)

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
            "Products acquired in the last {days} days and not returned",
            "count",
            NO_EVENTS,
            topic="purchases",
        ),
        (7, 90, 365),
    ),
    *windowed(
        Feature(
            "spend",
            "Amount of acquisitions in the last {days} days, net of returns",
            "money",
            NO_EVENTS,
            topic="spend",
        ),
        (30, 90, 365),
    ),
    Feature(
        "acquisition_trend",
        "Acquisitions of the last 30 days over the monthly mean of the last 90",
        "ratio",
        "no acquisition in the last 90 days",
        as_reason=RISING,
        window_days=90,
        topic="purchases",
    ),
    *windowed(
        Feature(
            "cancellations",
            "Products cancelled in the last {days} days",
            "count",
            NO_EVENTS,
            as_reason=NEVER_TOLD,
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "returned_share",
            "Returns over acquisitions in the last {days} days",
            "share",
            "no acquisition in the window",
            as_reason=NEVER_TOLD,
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "discount_share",
            "Discount over spend and discount in the last {days} days",
            "share",
            "nothing spent in the window",
            topic="discounts",
        ),
        (365,),
    ),
    Feature(
        "days_since_acquisition",
        "Days since the last acquisition",
        "days",
        NEVER,
        as_reason=LATELY,
        topic="recency",
    ),
    Feature(
        "days_since_cancellation",
        "Days since the last cancellation",
        "days",
        NEVER,
        as_reason=NEVER_TOLD,
        topic="cancellation",
    ),
    Feature(
        "days_between_acquisitions",
        "Mean days between days with an acquisition, over the whole history",
        "days",
        ONE_DAY,
        as_reason=LATELY,
    ),
    *windowed(
        Feature(
            "order_value",
            "Mean amount of an acquisition in the last {days} days",
            "money",
            "no acquisition in the window",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "categories",
            "Distinct categories acquired in the last {days} days",
            "count",
            NO_EVENTS,
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "mean_tier",
            "Mean tier of acquisitions in the last {days} days",
            "tier",
            "no acquisition in the window",
            as_reason=NEVER_TOLD,
            topic="usual_tier",
        ),
        (365,),
    ),
    Feature(
        "held_categories",
        "Categories held",
        "count",
        "nothing is held",
        topic="holdings",
    ),
    Feature(
        "held_products",
        "Products held",
        "count",
        "nothing is held",
        topic="holdings",
    ),
    *(
        Feature(
            f"held_products__{days}d_ago",
            f"Products that were held {days} days before the as-of date",
            "count",
            NO_EVENTS,
            window_days=days,
            as_reason=NEVER_TOLD,
        )
        for days in LAG_DAYS
    ),
    Feature(
        "days_since_first_acquisition",
        "Days since the first acquisition",
        "days",
        NEVER,
    ),
    Feature(
        "days_since_second_last_acquisition",
        "Days since the last day but one with an acquisition",
        "days",
        ONE_DAY,
        as_reason=LATELY,
        topic="recency",
    ),
    Feature(
        "days_since_second_last_cancellation",
        "Days since the last day but one with a cancellation",
        "days",
        ONE_DAY,
        as_reason=NEVER_TOLD,
        topic="cancellation",
    ),
    Feature(
        "acquisition_overdue",
        "Days since the last acquisition over the mean days between them",
        "ratio",
        ONE_DAY,
        as_reason=DUE,
    ),
    Feature(
        "gap_variation",
        "Standard deviation over mean of the days between days with an acquisition",
        "ratio",
        FEW_GAPS,
        as_reason=REGULAR,
    ),
    Feature(
        "acquisition_intensity",
        "Acquisitions, each counting half as much for every 30 days back",
        "score",
        NO_EVENTS,
        as_reason=ONE_OR_MORE,
        topic="purchases",
    ),
    *windowed(
        Feature(
            "acquisition_days",
            "Days with an acquisition in the last {days} days",
            "count",
            NO_EVENTS,
            topic="purchases",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "spend_to_mean",
            "Spend of the last {days} days over the mean of all customers with a purchase so far",
            "ratio",
            NO_EVENTS,
            as_reason=RISING,
            topic="spend",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "spend_to_own_past",
            "Spend of the last {days} days over the customer's mean of as many days of the last year",
            "ratio",
            "nothing spent in the last year",
            as_reason=RISING,
            topic="spend",
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "discounted_share",
            "Share of the acquisitions of the last {days} days that had a discount",
            "share",
            "no acquisition in the window",
            topic="discounts",
        ),
        (365,),
    ),
    Feature(
        "brand_repeat_share",
        "Share of acquisitions of the brand that was acquired before in the category",
        "share",
        NO_STEP,
        as_reason=MOST,
    ),
    Feature(
        "upgrades",
        "Acquisitions of a higher tier than the one before in the category",
        "count",
        NO_EVENTS,
    ),
    Feature(
        "downgrades",
        "Acquisitions of a lower tier than the one before in the category",
        "count",
        NO_EVENTS,
        as_reason=NEVER_TOLD,
    ),
    *windowed(
        Feature(
            "tier_place",
            "Mean place of the tier acquired, from 0, the lowest, to 1, the highest on offer, in the "
            "last {days} days",
            "share",
            "no acquisition in a category with more than one tier in the window",
            as_reason=MOST,
            topic="usual_tier",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "new_categories",
            "Categories acquired for the first time in the last {days} days",
            "count",
            NO_EVENTS,
        ),
        (90,),
    ),
    *windowed(
        Feature(
            "top_category",
            "Category with the most acquisitions in the last {days} days",
            "category",
            "no acquisition in the window",
        ),
        (365,),
    ),
    *windowed(
        Feature(
            "top_category_share",
            "Share of the acquisitions of the last {days} days in the category with the most",
            "share",
            "no acquisition in the window",
            as_reason=MOST,
        ),
        (365,),
    ),
    *candidate(
        Feature(
            "days_since_category_acquisition",
            "Days since the last acquisition in the category",
            "days",
            NEVER,
            topic="category_recency",
        ),
        Feature(
            "days_since_category_cancellation",
            "Days since the last cancellation or return in the category",
            "days",
            NEVER,
            as_reason=NEVER_TOLD,
        ),
        Feature(
            "category_acquisitions",
            "Acquisitions in the category that were not returned, ever",
            "count",
            NO_EVENTS_IN_CATEGORY,
            topic="category_purchases",
        ),
        Feature(
            "days_between_category_acquisitions",
            "Mean days between days with an acquisition in the category",
            "days",
            ONE_DAY,
            as_reason=ReasonRange(most=365),
        ),
        Feature(
            "category_overdue",
            "Days since the last acquisition over the mean days between them",
            "ratio",
            ONE_DAY,
            as_reason=DUE,
            topic="category_due",
        ),
        Feature(
            "category_share",
            "Share of all the customer's acquisitions that are of the category",
            "share",
            NO_EVENTS_IN_CATEGORY,
            topic="category_purchases",
        ),
        Feature(
            "category_acquisitions__season",
            "Acquisitions in the category a year ago, in the 30 days that are now to come",
            "count",
            NO_EVENTS_IN_CATEGORY,
            window_days=YEAR_DAYS,
            topic="category_purchases",
        ),
        Feature(
            "category_highest_tier",
            "Highest tier of the category ever acquired",
            "tier",
            NO_EVENTS_IN_CATEGORY,
        ),
        Feature(
            "category_held_tier",
            "Highest tier of the category held",
            "tier",
            "nothing of the category is held",
            topic="category_room",
        ),
        Feature(
            "category_steps_to_top",
            "Tiers between the highest held and the highest on offer",
            "tier",
            "nothing of the category is held",
            as_reason=ONE_OR_MORE,
            topic="category_room",
        ),
        Feature(
            "category_held_days",
            "Days since the first acquisition of what is held of the category",
            "days",
            "nothing of the category is held",
        ),
    ),
    *candidate(
        Feature(
            "days_since_second_last_category_acquisition",
            "Days since the last day but one with an acquisition in the category",
            "days",
            ONE_DAY,
            topic="category_recency",
        ),
        Feature(
            "category_gap_variation",
            "Standard deviation over mean of the days between days with an acquisition in the category",
            "ratio",
            FEW_GAPS,
            as_reason=REGULAR,
        ),
        Feature(
            "category_overdue_typical",
            "Days since the last acquisition in the category over all customers' mean days between",
            "ratio",
            "never acquired, or nobody acquired the category twice",
            as_reason=DUE,
            topic="category_due",
        ),
        Feature(
            "days_since_category_ran_out",
            "Days since what was acquired of the category ran out",
            "days",
            "nothing has run out, or it was given up",
            as_reason=LATELY,
            topic="category_due",
        ),
        Feature(
            "days_until_category_runs_out",
            "Days until what was acquired of the category runs out",
            "days",
            "nothing will run out, or it was given up",
            as_reason=SOON,
            topic="category_due",
        ),
        Feature(
            "category_intensity",
            "Acquisitions in the category, each counting half as much for every 30 days back",
            "score",
            NO_EVENTS_IN_CATEGORY,
            as_reason=ONE_OR_MORE,
            topic="category_purchases",
        ),
        Feature(
            "category_trend",
            "Acquisitions in the category of the last 30 days over the monthly mean of the last 90",
            "ratio",
            "no acquisition in the category in the last 90 days",
            as_reason=RISING,
            window_days=90,
            topic="category_purchases",
        ),
        Feature(
            "category_brand_repeat_share",
            "Share of acquisitions in the category of the brand that was acquired before",
            "share",
            "fewer than two days with an acquisition in the category",
            as_reason=MOST,
        ),
    ),
    *candidate(
        *windowed(
            Feature(
                "category_day_share",
                "Share of the days with an acquisition in the last {days} days that had the category",
                "share",
                "no acquisition in the window",
                topic="category_purchases",
            ),
            (365,),
        ),
        *windowed(
            Feature(
                "category_spend_share",
                "Share of the spend of the last {days} days that went to the category",
                "share",
                "nothing spent in the window",
                topic="category_purchases",
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
                as_reason=LESS_THAN_USUAL,
            ),
            (365,),
        ),
        *windowed(
            Feature(
                "category_acquisitions",
                "Acquisitions in the category in the last {days} days",
                "count",
                NO_EVENTS_IN_CATEGORY,
            ),
            (365,),
        ),
        *windowed(
            Feature(
                "category_spend",
                "Amount of acquisitions in the category in the last {days} days",
                "money",
                NO_EVENTS_IN_CATEGORY,
                topic="category_purchases",
            ),
            (365,),
        ),
    ),
)

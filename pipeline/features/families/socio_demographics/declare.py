"""The features of this family: the unit of each, what its absence means, and when it is a reason."""

from collections.abc import Mapping

from pipeline.features.feature import UNKNOWN, Feature, windowed
from pipeline.features.reason_range import NEVER_TOLD
from pipeline.foundation.contracts.columns import ColumnType

NEEDS = ("customers",)

FEATURES = (
    Feature("age", "Age in whole years", "years", UNKNOWN),
    Feature(
        "tenure",
        "Days since sign-up, or since the first known fact",
        "days",
        UNKNOWN,
    ),
    Feature(
        "household_size",
        "People in the household",
        "count",
        UNKNOWN,
    ),
    Feature(
        "household_customers",
        "Known customers that share the household",
        "count",
        "no household is known",
        as_reason=NEVER_TOLD,
    ),
    Feature("customer_type", "Consumer or business", "code", UNKNOWN),
    Feature("gender", "Gender", "text", UNKNOWN),
    Feature("region", "Region", "text", UNKNOWN),
    Feature("income_band", "Income band", "text", UNKNOWN),
    Feature("language", "Language", "text", UNKNOWN, as_reason=NEVER_TOLD),
    Feature(
        "profile_completeness",
        "Share of the profile's attributes that are filled in",
        "share",
        UNKNOWN,
        as_reason=NEVER_TOLD,
    ),
    Feature(
        "income_level",
        "Place of the income band among those known, 1 the lowest; bands are named in their order",
        "count",
        UNKNOWN,
        as_reason=NEVER_TOLD,
    ),
    *windowed(
        Feature(
            "region_acquirers",
            "Share of the region's known customers who acquired something in the last {days} days",
            "share",
            "the region is not known",
            as_reason=NEVER_TOLD,
        ),
        (30,),
    ),
    *windowed(
        Feature(
            "income_acquirers",
            "Share of the income band's known customers who acquired something in the last {days} "
            "days",
            "share",
            UNKNOWN,
            as_reason=NEVER_TOLD,
        ),
        (30,),
    ),
)


def attribute_features(attributes: Mapping[str, ColumnType]) -> tuple[Feature, ...]:
    """Declare the further attributes of a customer that the parameters name."""
    return tuple(
        Feature(
            name,
            f"The customer's {name.replace('_', ' ')}",
            "text" if type_ == "text" else "score",
            UNKNOWN,
        )
        for name, type_ in attributes.items()
    )

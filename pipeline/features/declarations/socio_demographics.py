"""What `socio_demographics` says: each feature with its unit, what its absence means, and its sentence."""

from collections.abc import Mapping

from pipeline.features.catalogue import UNKNOWN, Feature, windowed
from pipeline.foundation.contracts.columns import ColumnType

NEEDS = ("customers",)

FEATURES = (
    Feature("age", "Age in whole years", "years", UNKNOWN, "Is {value} [year|years] old"),
    Feature(
        "tenure",
        "Days since sign-up, or since the first known fact",
        "days",
        UNKNOWN,
        "Has been a customer for {value} [day|days]",
    ),
    Feature(
        "household_size",
        "People in the household",
        "count",
        UNKNOWN,
        "Lives in a household of {value}",
    ),
    Feature(
        "household_customers",
        "Known customers that share the household",
        "count",
        "no household is known",
        "Household with {value} [customer|customers]",
    ),
    Feature("customer_type", "Consumer or business", "text", UNKNOWN, "Is a {value} customer"),
    Feature("gender", "Gender", "text", UNKNOWN, "Gender: {value}"),
    Feature("region", "Region", "text", UNKNOWN, "Lives in {value}"),
    Feature("income_band", "Income band", "text", UNKNOWN, "Has an income of {value}"),
    Feature("language", "Language", "text", UNKNOWN, "Speaks {value}"),
    Feature(
        "profile_completeness",
        "Share of the profile's attributes that are filled in",
        "share",
        UNKNOWN,
        "Has filled in {value} of the profile",
    ),
    Feature(
        "income_level",
        "Place of the income band among those known, 1 the lowest; bands are named in their order",
        "count",
        UNKNOWN,
        "Is in income band number {value} from below",
    ),
    *windowed(
        Feature(
            "region_acquirers",
            "Share of the region's known customers who acquired something in the last {days} days",
            "share",
            "the region is not known",
            "{value} of customers of the region bought something in the last {days} days",
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
            "{value} of customers with this income bought something in the last {days} days",
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
            f"{name.replace('_', ' ').capitalize()}: {{value}}",
        )
        for name, type_ in attributes.items()
    )

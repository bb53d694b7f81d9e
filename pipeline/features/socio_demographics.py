"""Who the customer is: attributes as the customer file states them, and age and tenure by date.

The customer file has no history, so an attribute has the value it was ingested with.
"""

from collections.abc import Mapping

import ibis.expr.types as ir

from pipeline.contracts.columns import ColumnType
from pipeline.contracts.tables import CUSTOMERS
from pipeline.features.catalogue import UNKNOWN, Feature
from pipeline.features.family import View
from pipeline.population.joins import left_join

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


_GIVEN = {*CUSTOMERS.names, "as_of_date", "known_from"}
_PROFILE = ("birth_date", "gender", "region", "household_size", "income_band", "language")


def customer_features(view: View) -> ir.Table:
    """Return one row per known customer and as-of date."""
    customers = view.history.customers
    further = [name for name in customers.columns if name not in _GIVEN]
    filled = [customers[name].notnull().cast("int64") for name in _PROFILE]
    rows = customers.select(
        "as_of_date",
        "customer_id",
        "household_id",
        "household_size",
        "customer_type",
        "gender",
        "region",
        "income_band",
        "language",
        *further,
        age=_whole_years(customers.birth_date, customers.as_of_date),
        tenure=customers.as_of_date.delta(customers.known_from.date(), unit="day").cast("int64"),
        profile_completeness=sum(filled[1:], filled[0]).cast("float64") / len(filled),
    )
    return left_join(rows, _households(rows), ["as_of_date", "household_id"]).drop("household_id")


def _whole_years(born: ir.DateValue, day: ir.DateValue) -> ir.IntegerValue:
    """Count birthdays; who was born on a leap day has them on 1 March in other years."""
    is_ahead = 100 * day.month() + day.day() < 100 * born.month() + born.day()
    return (day.year() - born.year()).cast("int64") - is_ahead.cast("int64")


def _households(customers: ir.Table) -> ir.Table:
    known = customers.filter(customers.household_id.notnull())
    return known.group_by("as_of_date", "household_id").aggregate(
        household_customers=known.count().cast("int64")
    )

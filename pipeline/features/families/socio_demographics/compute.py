"""Who the customer is: attributes as the customer file states them, and age and tenure by date.

The customer file has no history, so an attribute has the value it was ingested with.
"""

import ibis
import ibis.expr.types as ir

from pipeline.features.view import View
from pipeline.features.window_expressions import ratio
from pipeline.foundation.contracts.keys import CUSTOMER_KEYS
from pipeline.foundation.contracts.tables import CUSTOMERS
from pipeline.population.joins import left_join

_GIVEN = {*CUSTOMERS.names, "as_of_date", "known_from"}
_PROFILE = ("birth_date", "gender", "region", "household_size", "income_band", "language")


def customer_features(view: View) -> ir.Table:
    """Return one row per known customer and as-of date."""
    customers = view.customers
    further = [name for name in customers.columns if name not in _GIVEN]
    filled = [customers[name].notnull().cast("int64") for name in _PROFILE]
    rows = customers.select(
        *CUSTOMER_KEYS,
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
    rows = left_join(rows, _households(rows), ["as_of_date", "household_id"]).drop("household_id")
    active = _active(view, rows)
    rows = left_join(rows, _income_bands(active), ["as_of_date", "income_band"])
    return left_join(rows, _regions(active), ["as_of_date", "region"])


def _whole_years(born: ir.DateValue, day: ir.DateValue) -> ir.IntegerValue:
    """Count birthdays; who was born on a leap day has them on 1 March in other years."""
    is_ahead = 100 * day.month() + day.day() < 100 * born.month() + born.day()
    return (day.year() - born.year()).cast("int64") - is_ahead.cast("int64")


def _households(customers: ir.Table) -> ir.Table:
    known = customers.filter(customers.household_id.notnull())
    return known.group_by("as_of_date", "household_id").aggregate(
        household_customers=known.count().cast("int64")
    )


def _active(view: View, customers: ir.Table) -> ir.Table:
    """Return each customer's region and income band, and whether they bought in 30 days."""
    bought = view.bought.group_by(*CUSTOMER_KEYS).aggregate(
        acquired_30=view.bought.n_acquired_30.sum().cast("int64")
    )
    people = customers.select(*CUSTOMER_KEYS, "region", "income_band")
    rows = left_join(people, bought, [*CUSTOMER_KEYS])
    return rows.mutate(is_active=(rows.acquired_30.fill_null(0) > 0).cast("int64"))


def _income_bands(active: ir.Table) -> ir.Table:
    bands = active.filter(active.income_band.notnull())
    rows = bands.group_by("as_of_date", "income_band").aggregate(
        income_acquirers__30d=ratio(bands.is_active.sum().cast("int64"), bands.count())
    )
    order = ibis.window(group_by=[rows.as_of_date], order_by=[rows.income_band])
    return rows.mutate(income_level=(ibis.row_number().over(order) + 1).cast("int64"))


def _regions(active: ir.Table) -> ir.Table:
    living = active.filter(active.region.notnull())
    return living.group_by("as_of_date", "region").aggregate(
        region_acquirers__30d=ratio(living.is_active.sum().cast("int64"), living.count())
    )

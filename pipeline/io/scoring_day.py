"""Where stages find who is known at an as-of date, the scoring one above all, and what is held.

`population` works it out once, for every as-of date; nothing is worked out again later.
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from pipeline.foundation import paths
from pipeline.foundation.contracts.outputs import HOLDINGS, KNOWN_CUSTOMERS, check
from pipeline.foundation.engines import Engine
from pipeline.population.history import without_personal_columns
from pipeline.population.joins import left_join


def read_known_customers(engine: Engine, as_of_date: date | None = None) -> ir.Table:
    """Return as_of_date × known customer with attributes and `known_from`, as `History.customers`.

    Args:
        engine: reads.
        as_of_date: of one snapshot; all of them if not given.
    """
    check(paths.KNOWN_CUSTOMERS, KNOWN_CUSTOMERS)
    known = _at(engine.read(paths.KNOWN_CUSTOMERS), as_of_date)
    customers = engine.read(paths.table(paths.VALIDATED, "customers"))
    return left_join(known, without_personal_columns(customers), ["customer_id"])


def read_holdings(engine: Engine, as_of_date: date | None = None) -> ir.Table:
    """Return as_of_date × customer_id × product_id held, as `held_products`; it may have no rows.

    Args:
        engine: reads.
        as_of_date: of one snapshot; all of them if not given.
    """
    return _at(engine.read(paths.HOLDINGS).select(*HOLDINGS.names), as_of_date)


def _at(rows: ir.Table, as_of_date: date | None) -> ir.Table:
    if as_of_date is None:
        return rows
    return rows.filter(rows.as_of_date == ibis.date(as_of_date.isoformat()))

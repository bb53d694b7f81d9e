"""The past of the drawn customers alone, as that of a company of so many."""

from collections.abc import Mapping
from dataclasses import replace

import ibis.expr.types as ir

from pipeline.foundation.engines import Engine
from pipeline.population.drawn_customers import LEARNT, is_drawn
from pipeline.population.history import History


def tables_of_drawn(
    engine: Engine, tables: Mapping[str, ir.Table], share: float
) -> Mapping[str, ir.Table]:
    """Return the validated tables of those who are learnt from; all of them where all are.

    Args:
        engine: finds who is drawn, once.
        tables: by name.
        share: of the customers, as `drawn_share` returns it.
    """
    if share >= 1:
        return tables
    everybody = tables["customers"].select("customer_id")
    drawn = engine.materialize(everybody.filter(is_drawn(everybody.customer_id, share, LEARNT)))
    return {
        name: table.semi_join(drawn, "customer_id") if "customer_id" in table.columns else table
        for name, table in tables.items()
    }


def past_of_drawn(engine: Engine, past: History, share: float) -> History:
    """Return the past of those who are learnt from, with their holding periods if they were found."""
    if share >= 1:
        return past
    theirs = tables_of_drawn(engine, past.tables, share)
    periods = past.periods
    if periods is not None:
        periods = periods.semi_join(theirs["customers"], "customer_id")
    return replace(past, tables=theirs, periods=periods)

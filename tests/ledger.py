"""A company written out row by row, for tests whose answers are worked out by hand."""

from collections.abc import Mapping, Sequence
from datetime import date

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.tables import UNPARSED, raw_tables
from pipeline.foundation.engines import Engine
from pipeline.population.history import History, history

Rows = Sequence[Mapping[str, object]]
CONTRACT = raw_tables({})


def table(name: str, rows: Rows) -> pa.Table:
    """Return a validated contract table; columns that the rows do not name are empty."""
    frame = pd.DataFrame(list(rows))
    for column in CONTRACT[name].columns:
        if column.name in frame and column.type == "moment":
            frame[column.name] = pd.to_datetime(frame[column.name], format="ISO8601")
    return conform(frame, CONTRACT[name]).drop_columns([UNPARSED])


def tables(engine: Engine, **rows: Rows) -> dict[str, ir.Table]:
    """Return the named contract tables as expressions."""
    return {name: engine.table(table(name, some)) for name, some in rows.items()}


def seen(engine: Engine, dates: Sequence[str], **rows: Rows) -> History:
    """Look at the named tables from as-of dates."""
    days = [date.fromisoformat(day) for day in dates]
    return history(engine, tables(engine, **rows), days)


def rows_of(engine: Engine, expression: ir.Table) -> list[dict[str, object]]:
    """Compute an expression and return its rows, sorted by all columns."""
    rows: list[dict[str, object]] = engine.arrow(expression).to_pylist()
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])

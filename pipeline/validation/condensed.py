"""The few rows that show the gate all it asks of a table: for tables whose rows stay on a cluster.

Of every column the least and the greatest value, of one with a list of allowed values every distinct
one, and of one that is never empty as many empty values as it has. What is expected of the rows is
true of these exactly where it is true of all.
"""

from collections.abc import Mapping
from itertools import repeat
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from pipeline.foundation.contracts.tables import Table
from pipeline.foundation.engines import Engine

MOST_EMPTY = 1000
"""Empty values that are shown of a column which has none: more would not fail it more."""


def condense(engine: Engine, rows: ir.Table, table: Table) -> pa.Table:
    """Return rows that meet what a gate expects of a table where all of its rows do.

    Args:
        engine: computes them in one pass.
        rows: valid rows of `table.schema`.
        table: the contract.
    """
    told = _told(engine, rows, table)
    shown = {
        column.name: [
            *(told[f"{part}_{column.name}"] for part in ("least", "greatest")),
            *sorted(told.get(f"listed_{column.name}") or ()),
            *repeat(None, 0 if column.nullable else _empty(told, column.name)),
        ]
        for column in table.columns
    }
    length = min(told["rows"], max(len(values) for values in shown.values()))
    filled = {name: _filled(values, length) for name, values in shown.items()}
    return pa.table(filled, schema=table.schema)


def _told(engine: Engine, rows: ir.Table, table: Table) -> Mapping[str, Any]:
    """Return the ends and the count of each column's values, and the few values of a listed one."""
    names = table.names
    ends = {f"least_{name}": rows[name].min() for name in names}
    ends |= {f"greatest_{name}": rows[name].max() for name in names}
    counts = {f"values_{name}": rows[name].count() for name in names}
    listed = {
        f"listed_{one.name}": rows[one.name].collect(distinct=True)
        for one in table.columns
        if one.allowed
    }
    asked = rows.aggregate(rows=rows.count(), **ends, **counts, **listed)
    told: Mapping[str, Any] = engine.arrow(asked).to_pylist()[0]
    return told


def _empty(told: Mapping[str, Any], name: str) -> int:
    missing: int = told["rows"] - told[f"values_{name}"]
    return min(missing, MOST_EMPTY)


def _filled(values: list[Any], length: int) -> list[Any]:
    """Return a column of so many rows, its least value repeated at the end."""
    return [*values, *repeat(values[0], length)][: max(length, 0)]

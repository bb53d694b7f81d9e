"""Families compiled once and computed for many ledgers: writing their SQL takes longer than running it.

The expressions are the pipeline's own; what changes is what stands in the tables that they read.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.features.family import Family
from pipeline.features.feature import KEYS, Grain
from pipeline.foundation.batch_functions import BatchFunction
from pipeline.foundation.contracts.tables import RAW_TABLES
from tests.features.views import truncated, view_of

Found = Mapping[tuple[str, Grain], pd.DataFrame]
TABLES: Mapping[str, pa.Schema] = {table.name: table.schema for table in RAW_TABLES}


class Recorder:
    """An engine that remembers how the tables it computed came about."""

    def __init__(self) -> None:
        self.connection = ibis.duckdb.connect(threads=1)
        self.connection.raw_sql("SET TimeZone = 'UTC'")
        self.connection.raw_sql("SET enable_progress_bar = false")
        self.given: list[str] = []
        self.steps: list[Callable[[], None]] = []

    @property
    def is_distributed(self) -> bool:
        return False

    def read(self, path: Path) -> ir.Table:
        raise NotImplementedError(path)  # a family reads what its view holds

    def scan(self, address: str, columns: Sequence[str]) -> ir.Table:
        raise NotImplementedError(address, columns)  # a family reads what its view holds

    def hashed(self, expression: ir.Table) -> ir.Table:
        raise NotImplementedError(expression)  # no family tells a digest

    def map_batches(
        self, function: BatchFunction, expression: ir.Table, schema: pa.Schema
    ) -> ir.Table:
        raise NotImplementedError(function, expression, schema)  # no family scores

    def map_groups(
        self,
        function: BatchFunction,
        expression: ir.Table,
        schema: pa.Schema,
        sort_by: Sequence[str],
    ) -> ir.Table:
        raise NotImplementedError(function, expression, schema, sort_by)  # no family decides

    def write(self, expression: ir.Table, path: Path, sort_by: Sequence[str]) -> int:
        raise NotImplementedError(expression, path, sort_by)  # no family writes

    def write_parts(self, parts: Sequence[ir.Table], path: Path, sort_by: Sequence[str]) -> int:
        raise NotImplementedError(parts, path, sort_by)  # no family writes

    def table(self, data: pa.Table | pd.DataFrame | pa.RecordBatchReader) -> ir.Table:
        self.given.append(f"given_{len(self.given)}")
        return self.connection.create_table(self.given[-1], data)

    def materialize(self, expression: ir.Table, near: Sequence[str] = ()) -> ir.Table:  # noqa: ARG002 - of speed alone
        name, query = f"step_{len(self.steps)}", self.connection.compile(expression)
        self.steps.append(lambda: self.fill(name, query))
        return self.connection.create_table(name, expression)

    def in_memory(self, function: Callable[[pa.Table], pa.Table], expression: ir.Table) -> ir.Table:
        name, query = f"step_{len(self.steps)}", self.connection.compile(expression)
        read = self.connection.con.sql
        self.steps.append(lambda: self.bring(name, function(read(query).to_arrow_table())))
        return self.connection.create_table(name, function(self.arrow(expression)))

    def arrow(self, expression: ir.Table) -> pa.Table:
        return self.connection.to_pyarrow(expression)

    def fill(self, name: str, rows: str) -> None:
        """Put the rows of a query into a table, in place of those it has."""
        self.connection.raw_sql(f"DELETE FROM {name}")  # noqa: S608 - own names
        self.connection.raw_sql(f"INSERT INTO {name} {rows}")

    def bring(self, name: str, rows: pa.Table) -> None:
        """Put rows from memory into a table, in place of those it has."""
        self.connection.con.register("brought", rows)
        self.fill(name, "SELECT * FROM brought")

    def close(self) -> None:
        self.connection.disconnect()


class Replay:
    """Families over all seven tables, ready to be computed for any ledger and any as-of dates."""

    def __init__(self, families: Sequence[Family]) -> None:
        self.engine = Recorder()
        tables = {name: self.engine.table(schema.empty_table()) for name, schema in TABLES.items()}
        looked_at = view_of(self.engine, tables, [])
        self.queries = {
            (one.name, grain): f"{one.name}_{grain}"
            for one in families
            for grain in one.expressions
        }
        for one in families:
            for grain in one.expressions:
                query = self.engine.connection.compile(one.compute(looked_at, grain))
                name = self.queries[one.name, grain]
                self.engine.connection.raw_sql(f"PREPARE {name} AS {query}")

    def compute(self, tables: Mapping[str, pa.Table], dates: Sequence[date]) -> Found:
        """Return what each family says at each grain, indexed and sorted by its keys."""
        self._fill(tables, dates)
        return {key: self._answer(name, key[1]) for key, name in self.queries.items()}

    def rows(
        self, tables: Mapping[str, pa.Table], dates: Sequence[date], grains: Sequence[Grain]
    ) -> list[dict[str, Any]]:
        """Return what the families say at some grains, a row each, with None where no value is."""
        self._fill(tables, dates)
        asked = [name for (_, grain), name in self.queries.items() if grain in grains]
        return [row for name in asked for row in self._rows(name)]

    def _rows(self, name: str) -> list[dict[str, Any]]:
        run = self.engine.connection.con.execute(f"EXECUTE {name}")
        columns = [column for column, *_ in run.description]
        return [dict(zip(columns, row, strict=True)) for row in run.fetchall()]

    def _fill(self, tables: Mapping[str, pa.Table], dates: Sequence[date]) -> None:
        column = pa.table({"as_of_date": pa.array(sorted(dates), pa.date32())})
        rows = [tables.get(name, schema.empty_table()) for name, schema in TABLES.items()]
        for name, content in zip(self.engine.given, [*rows, column], strict=True):
            self.engine.bring(name, content)
        for take in self.engine.steps:
            take()

    def _answer(self, name: str, grain: Grain) -> pd.DataFrame:
        frame: pd.DataFrame = self.engine.connection.con.execute(f"EXECUTE {name}").df()
        frame["as_of_date"] = pd.to_datetime(frame["as_of_date"]).dt.date
        return frame.set_index(list(KEYS[grain])).sort_index()


def at(found: Found, day: date) -> Found:
    """Return what is said of one of the dates."""
    return {key: rows[rows.index.get_level_values(0) == day] for key, rows in found.items()}


def assert_same(expected: Found, found: Found) -> None:
    """Compare every feature of every family exactly."""
    for key, rows in expected.items():
        pd.testing.assert_frame_equal(found[key], rows, check_exact=True, check_dtype=False)


def assert_blind_to_the_future(
    replay: Replay, tables: Mapping[str, pa.Table], dates: Sequence[date]
) -> None:
    """Compare what all data say of the first of the dates with what was on file then, exactly."""
    on_file = truncated(tables, dates[0])
    assert_same(replay.compute(on_file, dates[:1]), at(replay.compute(tables, dates), dates[0]))

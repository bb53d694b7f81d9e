"""DuckDB, embedded: the default engine. Sorted output makes its files equal from run to run.

Its database is a file of a temporary folder, so that steps lie on the disk as a rule; a temporary
table would stay in memory while there is any.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.foundation import paths, stored_tables
from pipeline.foundation.batch_files import write_batches
from pipeline.foundation.batch_functions import BatchFunction, WholeGroups
from pipeline.foundation.config import EngineParams
from pipeline.foundation.engines.base import HASHES
from pipeline.foundation.storage_addresses import find_parts_at

BATCH_ROWS = 20_000
TOLD = {"HUGEINT": "BIGINT", "TIMESTAMPTZ_NS": "TIMESTAMPTZ"}
"""Types of DuckDB's that Ibis does not know, and what it takes them for or reads them as."""
MOST_DATES = 64  # that are looked at event by event


def start(params: EngineParams) -> "DuckDBEngine":
    """Open a database in a folder of this process, which it also spills to."""
    return DuckDBEngine(params.threads, params.memory_gb)


class DuckDBEngine:
    """A DuckDB behind Ibis, gone when it is closed."""

    def __init__(self, threads: int, memory_gb: float) -> None:
        self._spill = paths.OwnFolder()
        self._connection = ibis.duckdb.connect(
            Path(self._spill.name, "steps.duckdb"),
            threads=threads,
            memory_limit=f"{memory_gb}GB",
            temp_directory=self._spill.name,
        )
        self._connection.raw_sql("SET TimeZone = 'UTC'")
        self._connection.raw_sql("SET enable_progress_bar = false")
        # Events before each of a few dates: a merge join would sort all events by their moment, and
        # lose the order of customers that the aggregates after it are quick in.
        self._connection.raw_sql(f"SET nested_loop_join_threshold = {MOST_DATES}")

    @property
    def is_distributed(self) -> bool:
        """Say that all is computed in this process."""
        return False

    def read(self, path: Path) -> ir.Table:
        """Return a stored table as an expression; one elsewhere is scanned by Arrow."""
        if stored_tables.read_manifest(path) is not None:
            name = ibis.util.gen_name("stored")
            self._connection.con.register(name, stored_tables.as_dataset(path))
            return self._connection.table(name)
        return self._connection.read_parquet(stored_tables.find_parts(path).parts)

    def scan(self, address: str, columns: Sequence[str]) -> ir.Table:
        """Return columns of the user's own parquet, scanned by Arrow."""
        name = ibis.util.gen_name("own")
        self._connection.con.register(name, find_parts_at(address).dataset())
        return self._of_told_types(self._connection.table(name).select(*columns))

    def hashed(self, expression: ir.Table) -> ir.Table:
        """Return rows with two of DuckDB's hashes, of which a bit goes to fit a whole number."""
        columns = ", ".join(_quoted(name) for name in expression.columns)
        told = ", ".join(
            f"CAST(hash({place}, {columns}) >> 1 AS BIGINT) AS {name}"
            for place, name in enumerate(HASHES)
        )
        return self._view(f"SELECT *, {told} FROM ({self._connection.compile(expression)})")  # noqa: S608 - of Ibis's own SQL

    def table(self, data: pa.Table | pd.DataFrame | pa.RecordBatchReader) -> ir.Table:
        """Return a table in memory as an expression; what a reader brings is kept on disk."""
        if isinstance(data, pa.RecordBatchReader):
            return self.read(
                write_batches(data, Path(self._spill.name, ibis.util.gen_name("rows")))
            )
        return self._connection.create_table(ibis.util.gen_name("memory"), data, temp=True)

    def materialize(self, expression: ir.Table, near: Sequence[str] = ()) -> ir.Table:
        """Compute an expression into a table of the file, which leaves the memory to what is next.

        Joins and windows leave rows scattered by a hash of their keys; hash tables over sorted rows
        stay in the processor's cache, for several times less than they cost over scattered ones.
        """
        rows = _sorted(expression, near) if near else expression
        return self._connection.create_table(ibis.util.gen_name("step"), rows)

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression into memory."""
        return cast(pa.Table, self._connection.to_pyarrow(expression))

    def in_memory(self, function: Callable[[pa.Table], pa.Table], expression: ir.Table) -> ir.Table:
        """Return what a function makes of a small table."""
        return self.table(function(self.arrow(expression)))

    def map_batches(
        self, function: BatchFunction, expression: ir.Table, schema: pa.Schema
    ) -> ir.Table:
        """Apply a function to the rows as they are computed, some at a time."""
        return self.table(
            pa.RecordBatchReader.from_batches(schema, function(self._stream(expression)))
        )

    def map_groups(
        self,
        function: BatchFunction,
        expression: ir.Table,
        schema: pa.Schema,
        sort_by: Sequence[str],
    ) -> ir.Table:
        """Apply a function to whole groups, sorted on the disk and then some at a time."""
        groups = WholeGroups(function, sort_by[0])
        return self.map_batches(groups, _sorted(expression, sort_by), schema)

    def write(self, expression: ir.Table, path: Path, sort_by: Sequence[str]) -> int:
        """Write one sorted parquet file by way of a temporary one."""
        return self._store(_sorted(self._of_told_types(expression), sort_by), path)

    def write_parts(self, parts: Sequence[ir.Table], path: Path, sort_by: Sequence[str]) -> int:
        """Write each part to a file of its own, and then their rows to one, as they come."""
        if len(parts) == 1:
            return self.write(parts[0], path, sort_by)
        files = [Path(self._spill.name, ibis.util.gen_name("part")) for _ in parts]
        for part, file in zip(parts, files, strict=True):
            self._store(_sorted(self._of_told_types(part), sort_by), file)
        rows = self._store(self._connection.read_parquet(files), path)
        for file in files:
            file.unlink()
        return rows

    def _store(self, rows: ir.Table, path: Path) -> int:
        with paths.replacing(path) as partial:
            self._connection.to_parquet(rows, partial, compression="zstd", compression_level=1)
        return int(pq.read_metadata(path).num_rows)

    def _of_told_types(self, rows: ir.Table) -> ir.Table:
        """Return rows with the types that Ibis says or knows.

        DuckDB sums whole numbers to wider ones than parquet has, and would write floats in their
        place; Ibis would read moments of a zone in nanoseconds as text.
        """
        sql = self._connection.compile(rows)
        found = self._connection.con.sql(sql)
        types = zip(found.columns, found.types, strict=True)
        casts = [
            f"CAST({_quoted(name)} AS {TOLD[str(kind)]}) AS {_quoted(name)}"
            for name, kind in types
            if str(kind) in TOLD
        ]
        if not casts:
            return rows
        return self._view(f"SELECT * REPLACE ({', '.join(casts)}) FROM ({sql})")  # noqa: S608 - of Ibis's own SQL

    def _view(self, sql: str) -> ir.Table:
        name = ibis.util.gen_name("told")
        self._connection.raw_sql(f"CREATE TEMP VIEW {name} AS {sql}")
        return self._connection.table(name)

    def _stream(self, expression: ir.Table) -> pa.RecordBatchReader:
        """Return the rows as they are computed; Ibis 12 asks DuckDB 2 in vain for this."""
        sql = self._connection.compile(expression)
        rows = self._connection.con.sql(sql).to_arrow_reader(BATCH_ROWS)
        return rows.cast(expression.schema().to_pyarrow())

    def close(self) -> None:
        """Close the database and remove what it spilled."""
        self._connection.disconnect()
        self._spill.cleanup()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _sorted(rows: ir.Table, sort_by: Sequence[str]) -> ir.Table:
    return rows.order_by([rows[column] for column in sort_by])

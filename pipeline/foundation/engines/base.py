"""What the rest of the pipeline asks of an engine; expressions are Ibis tables."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.foundation.batch_functions import BatchFunction

HASHES = ("_first_hash", "_second_hash")


def sum_hashes(hashed: ir.Table) -> dict[str, ir.Value]:
    """Return the sums of both hashes of rows, which hang neither on their order nor on their parts."""
    return {name: hashed[name].cast("decimal(38, 0)").sum() for name in HASHES}


class Engine(Protocol):
    """Reads, computes and writes tables; results are the same on every engine."""

    @property
    def is_distributed(self) -> bool:
        """Say whether executors compute, which share neither memory nor code with this process."""

    def read(self, path: Path) -> ir.Table:
        """Return a stored table, whichever engine wrote it, as an expression; nothing is loaded yet."""

    def scan(self, address: str, columns: Sequence[str]) -> ir.Table:
        """Return columns of parquet that is the user's own, at an address, as an expression.

        Args:
            address: of a file, or of a folder whose files, and those of folders in it, are the rows.
            columns: as they are called there.
        """

    def hashed(self, expression: ir.Table) -> ir.Table:
        """Return rows with two hashes of each, HASHES, by which a table's digest is told.

        Each engine has hashes of its own; empty values count, and the order of columns does.
        """

    def table(self, data: pa.Table | pd.DataFrame | pa.RecordBatchReader) -> ir.Table:
        """Return a table in memory as an expression; of a reader's, no more than a batch is held."""

    def materialize(self, expression: ir.Table, near: Sequence[str] = ()) -> ir.Table:
        """Compute once what several expressions will read.

        Args:
            expression: the rows.
            near: keys by which they will be grouped and joined: an engine that is quicker where
                equal keys lie together sorts by them.
        """

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression into memory."""

    def in_memory(self, function: Callable[[pa.Table], pa.Table], expression: ir.Table) -> ir.Table:
        """Return what a function makes of a small table: for what no expression says."""

    def map_batches(
        self, function: BatchFunction, expression: ir.Table, schema: pa.Schema
    ) -> ir.Table:
        """Apply a function to rows where they are, however many: what it makes of them, computed.

        Args:
            function: called once a task, so that what it needs is loaded once; it is pickled where
                the engine is distributed. Which rows share a task or a batch is the engine's affair.
            expression: the rows.
            schema: of what the function returns.
        """

    def map_groups(
        self,
        function: BatchFunction,
        expression: ir.Table,
        schema: pa.Schema,
        sort_by: Sequence[str],
    ) -> ir.Table:
        """Apply a function to whole groups where they are: `map_batches` for sorted rows.

        Args:
            function: as there. All rows of a group stand in one batch, and those of a task in order.
            expression: the rows.
            schema: of what the function returns.
            sort_by: columns, of which the first is the group's key: customer_id.
        """

    def write(self, expression: ir.Table, path: Path, sort_by: Sequence[str]) -> int:
        """Store a table, sorted, whole or not at all; return its number of rows.

        DuckDB stores one file, Spark a folder of parts or their manifest: `stored_tables` reads all.
        """

    def write_parts(self, parts: Sequence[ir.Table], path: Path, sort_by: Sequence[str]) -> int:
        """Store tables as `write` does one, where every key of a part comes after those before it.

        An engine whose memory is small computes one after another.
        """

    def close(self) -> None:
        """Free what the engine holds."""

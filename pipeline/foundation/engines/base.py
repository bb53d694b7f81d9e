"""What the rest of the pipeline asks of an engine; expressions are Ibis tables."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa


class Engine(Protocol):
    """Reads, computes and writes tables; results are the same on every engine."""

    def read(self, path: Path) -> ir.Table:
        """Return a parquet file as an expression; nothing is loaded yet."""

    def table(self, data: pa.Table | pd.DataFrame) -> ir.Table:
        """Return a table in memory as an expression."""

    def materialize(self, expression: ir.Table) -> ir.Table:
        """Compute once what several expressions will read."""

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression into memory."""

    def in_memory(self, function: Callable[[pa.Table], pa.Table], expression: ir.Table) -> ir.Table:
        """Return what a function makes of a small table: for what no expression says."""

    def write(self, expression: ir.Table, path: Path, sort_by: Sequence[str]) -> int:
        """Write one parquet file, sorted, whole or not at all; return its number of rows."""

    def close(self) -> None:
        """Free what the engine holds."""

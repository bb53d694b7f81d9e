"""How stages leave the tables that others read: columns, types and order as the contract says."""

from pathlib import Path

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.foundation import paths
from pipeline.foundation.contracts.frame_rows import to_rows
from pipeline.foundation.contracts.outputs import Output, check
from pipeline.foundation.engines import Engine


def write_output(frame: pd.DataFrame, path: Path, output: Output) -> None:
    """Write a table in the order of its keys, whole or not at all; it may have no rows."""
    ordered = frame.sort_values(list(output.keys), kind="stable")
    rows = to_rows(ordered, pa.schema(output.columns))
    with paths.replacing(path) as partial:
        pq.write_table(rows, partial, compression="zstd")
        if len(ordered):
            check(partial, output)


def write_rows(engine: Engine, rows: ir.Table, path: Path, output: Output) -> None:
    """Write what the engine computes in the order of its keys; it may have no rows."""
    if engine.write(rows.select(*output.names), path, output.keys):
        check(path, output)

"""Where decisions find their date, and how their tables are written: sorted, typed and checked."""

from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import paths
from pipeline.contracts.outputs import Output, check
from pipeline.stages.tables import read_json


def scoring_date() -> date:
    """Return the as-of date that is decided for."""
    return date.fromisoformat(read_json(paths.POPULATION_REPORT)["as_of_dates"]["scoring"][0])


def write_output(frame: pd.DataFrame, output: Output, path: Path) -> None:
    """Write a table in the order of its keys, whole or not at all; it may have no rows."""
    ordered = frame.sort_values(list(output.keys), kind="stable")
    columns = {
        name: pa.array(ordered[name], from_pandas=True).cast(type_)
        for name, type_ in output.columns
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    schema = pa.schema(output.columns)
    pq.write_table(pa.table(columns, schema=schema), partial, compression="zstd")
    if len(ordered):
        check(partial, output)
    partial.replace(path)

"""What every scorer predicted of the out-of-time test rows: `data/evaluation/<model>/`."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.foundation import paths, stored_tables
from pipeline.foundation.config import ModelName


def write_predictions(model: ModelName, rows: pa.Table) -> None:
    """Write the predictions of every test row, eligible or not."""
    path = paths.predictions(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, path, compression="zstd")


def read_eligible(model: ModelName) -> pd.DataFrame:
    """Return the predictions of the eligible rows, in the order of their keys."""
    rows: pd.DataFrame = stored_tables.read_table(
        paths.predictions(model), filters=[("is_eligible", "=", True)]
    ).to_pandas()
    return rows


def read_base_rates(model: ModelName) -> pd.Series:
    """Return the share of positives by category, among the eligible rows of the labelled test.

    The share of all is in the attribute `pooled`. The rows are those of today's population, so that
    a champion that scores as it is stands beside the rates of its own day.
    """
    tested = stored_tables.read_table(
        paths.table(paths.POPULATION, model),
        columns=["category", "label"],
        filters=[("split", "=", "test"), ("is_eligible", "=", True)],
    ).to_pandas()
    rates: pd.Series = tested.groupby("category")["label"].mean()
    rates.attrs["pooled"] = float(tested["label"].mean())
    return rates

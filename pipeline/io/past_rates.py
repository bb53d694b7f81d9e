"""Where stages find the past rates of the categories: `data/population/past_rates.parquet`."""

from datetime import date

import numpy as np
import pandas as pd

from pipeline.foundation import paths, stored_tables
from pipeline.foundation.config import ModelName
from pipeline.models.calibration.rate_forecast import RateHistory


def read_rate_history(model: ModelName, day: date) -> tuple[RateHistory, int]:
    """Return what is known on a day of the rates of a model's candidates, and the day's number.

    Args:
        model: whose question.
        day: windows that are not over by then are left out.
    """
    asked = stored_tables.read_table(paths.table(paths.POPULATION, model), columns=["category"])
    candidates = asked["category"].unique().to_pylist()
    rows = stored_tables.read_table(
        paths.PAST_RATES,
        filters=[("model", "=", model), ("known_on", "<=", day), ("category", "in", candidates)],
    ).to_pandas()
    days = pd.to_datetime(rows["as_of_date"]).to_numpy("datetime64[D]").astype(np.int64)
    return _history(rows.assign(day=days)), (day - date(1970, 1, 1)).days


def _history(rows: pd.DataFrame) -> RateHistory:
    asked, outcomes = (
        rows.pivot_table(index="category", columns="day", values=name, aggfunc="sum").fillna(0)
        for name in ("eligible", "outcomes")
    )
    return RateHistory(
        tuple(str(name) for name in asked.index),
        asked.columns.to_numpy(dtype=np.int64),
        asked.to_numpy(dtype=np.float64),
        outcomes.to_numpy(dtype=np.float64),
    )

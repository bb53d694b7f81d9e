"""What a study reads: the eligible labelled rows of every date, of as many customers as fit."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import ibis.expr.types as ir
import numpy as np

from pipeline.features.matrix import load_matrix
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS
from pipeline.foundation.engines import Engine
from pipeline.population.dates import OutcomeWindow
from pipeline.population.joins import left_join
from pipeline.statistics.arrays import Floats
from pipeline.studies.panel import Panel
from pipeline.studies.panel_rows import join_dates

LABELLED = ("train", "validation", "test")
MAX_ROWS = 1_200_000
"""Over all dates: with their features they come to about a gigabyte."""


def read_panel(
    engine: Engine,
    population: ir.Table,
    families: Mapping[str, ir.Table],
    window: OutcomeWindow,
    *,
    predicted: ir.Table | None = None,
    max_rows: int = MAX_ROWS,
) -> Panel:
    """Read date by date, which bounds what the engine sorts at a time.

    Args:
        engine: finds the rows.
        population: one model's population.
        families: feature tables at customer or candidate grain.
        window: of the outcomes.
        predicted: probabilities of some of the rows, by key, one column for whoever states them.
        max_rows: above this, some of the customers are drawn.
    """
    asked = population.filter(population.is_eligible & population.split.isin(LABELLED))
    asked = _some_customers(engine, asked, max_rows)
    days = engine.arrow(asked.select("as_of_date").distinct().order_by("as_of_date"))
    matrices = [
        load_matrix(engine, _on(asked, day), _each_on(families, day), splits=LABELLED)
        for day in days["as_of_date"].to_pylist()
    ]
    return replace(join_dates(matrices, window), predicted=_predicted(engine, asked, predicted))


def _on(rows: ir.Table, day: date) -> ir.Table:
    return rows.filter(rows.as_of_date == day)


def _each_on(families: Mapping[str, ir.Table], day: date) -> dict[str, ir.Table]:
    return {name: _on(family, day) for name, family in families.items()}


def _some_customers(engine: Engine, asked: ir.Table, max_rows: int) -> ir.Table:
    """Draw customers by a hash of their id, each with all of the rows, until they fit."""
    count: int = engine.arrow(asked.aggregate(rows=asked.count()))["rows"][0].as_py()
    if count <= max_rows:
        return asked
    return asked.filter(asked.customer_id.hexdigest("md5") < f"{int(max_rows / count * 16**8):08x}")


def _predicted(engine: Engine, asked: ir.Table, predicted: ir.Table | None) -> dict[str, Floats]:
    """Return each column in the order of the panel: sorted by key, as matrices are."""
    if predicted is None:
        return {}
    names = [name for name in predicted.columns if name not in CANDIDATE_KEYS]
    rows = engine.arrow(
        left_join(asked.select(*CANDIDATE_KEYS), predicted, CANDIDATE_KEYS).select(
            *CANDIDATE_KEYS, *names
        )
    )
    rows = rows.sort_by([(key, "ascending") for key in CANDIDATE_KEYS])
    return {name: rows[name].to_pandas().to_numpy(np.float64) for name in names}

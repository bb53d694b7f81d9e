"""Where the model stages find their matrix: population and features as parquet files."""

from collections.abc import Collection

import ibis.expr.types as ir
import pyarrow as pa

from pipeline.features.matrix import Matrix, load_matrix
from pipeline.foundation import paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS
from pipeline.foundation.engines import Engine
from pipeline.io.tables import read_folder


def read_families(engine: Engine) -> dict[str, ir.Table]:
    """Return the tables of all families by grain and name."""
    return {
        f"{grain}/{name}": table
        for grain in ("candidate", "customer")
        for name, table in read_folder(engine, paths.FEATURES / grain).items()
    }


def read_matrix(
    engine: Engine,
    model: ModelName,
    *,
    splits: Collection[str],
    eligible_only: bool = True,
    max_rows: int | None = None,
    negatives_per_positive: int | None = None,
    seed: int = 0,
    among: pa.Table | None = None,
) -> Matrix:
    """Read one model's rows of some splits with all features; see `load_matrix`.

    Args:
        engine: finds the rows.
        model: whose population.
        splits: which snapshots.
        eligible_only: leave the ineligible rows out.
        max_rows: above this, negatives are sampled.
        negatives_per_positive: as in `load_matrix`.
        seed: of the sample.
        among: as_of_date, customer_id and category of the only rows that are wanted.
    """
    population = engine.read(paths.table(paths.POPULATION, model))
    if among is not None:
        population = population.semi_join(engine.table(among), CANDIDATE_KEYS)
    return load_matrix(
        engine,
        population,
        read_families(engine),
        splits=splits,
        eligible_only=eligible_only,
        max_rows=max_rows,
        negatives_per_positive=negatives_per_positive,
        seed=seed,
    )

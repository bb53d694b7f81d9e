"""Where the model stages find their matrix: population and features as parquet files."""

from collections.abc import Collection

from pipeline import paths
from pipeline.config import ModelName
from pipeline.engines import Engine
from pipeline.features.matrix import Matrix, load_matrix
from pipeline.stages.tables import read_folder


def read_matrix(
    engine: Engine,
    model: ModelName,
    *,
    splits: Collection[str],
    eligible_only: bool = True,
    max_rows: int | None = None,
    negatives_per_positive: int | None = None,
    seed: int = 0,
) -> Matrix:
    """Read one model's rows of some splits with all features; see `load_matrix`."""
    families = {
        f"{grain}/{name}": table
        for grain in ("candidate", "customer")
        for name, table in read_folder(engine, paths.FEATURES / grain).items()
    }
    return load_matrix(
        engine,
        engine.read(paths.table(paths.POPULATION, model)),
        families,
        splits=splits,
        eligible_only=eligible_only,
        max_rows=max_rows,
        negatives_per_positive=negatives_per_positive,
        seed=seed,
    )

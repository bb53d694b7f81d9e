"""model_input: what a model is asked about on the scoring day -> JSON, as a served model takes it.

    python -m pipeline.commands.model_input <model> [<customer_id> ...] > rows.json

A row a candidate, in the order of customer and category; the answers are `score` and `propensity`
of `data/scores/propensities.parquet`.
"""

import sys
from collections.abc import Collection

import pandas as pd

from pipeline.foundation import config, paths
from pipeline.foundation.config import MODEL_NAMES, ModelName
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.errors import ConfigurationError, DataError, did_you_mean, known
from pipeline.foundation.running import run
from pipeline.io.matrices import read_matrix
from pipeline.io.snapshots import scoring_date
from pipeline.io.todays_levels import at_levels_of
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.scorers import load_scorer
from pipeline.tracking.records import SHIFT_COLUMN


def main() -> None:
    """Write the candidates of the named customers; without a name, of all."""
    model, customers = arguments(sys.argv[1:])
    params = config.load()
    with open_engine(params.engine) as engine:
        rows = read_rows(engine, model, customers)
        champion = load_scorer(paths.champion(params.source.name, model))
        rows = add_levels(rows, at_levels_of(engine, model, champion, scoring_date()))
    text = rows.to_json(orient="split", index=False, double_precision=15)
    sys.stdout.write(f'{{"dataframe_split": {text}}}\n')


def arguments(given: list[str]) -> tuple[ModelName, frozenset[str]]:
    """Return the model and the customers.

    Raises:
        ConfigurationError: the first word is no model.
    """
    first = given[0] if given else "nothing"
    chosen: ModelName | None = next((name for name in MODEL_NAMES if name == first), None)
    if chosen is None:
        raise ConfigurationError(
            f"a model, {known(MODEL_NAMES)}, and customers",
            first,
            f"{did_you_mean(first, MODEL_NAMES)}Call it with up_sell C00000005, for instance.",
        )
    return chosen, frozenset(given[1:])


def read_rows(engine: Engine, model: ModelName, customers: Collection[str]) -> pd.DataFrame:
    """Return the features of the eligible candidates of some customers; none named means all.

    Raises:
        DataError: a customer has no candidate on the scoring day.
    """
    matrix = read_matrix(engine, model, splits=["scoring"])
    ids = matrix.keys["customer_id"].astype("object")
    missing = sorted(set(customers) - set(ids))
    if missing:
        raise DataError(
            f"customers who may be asked about {model} on the scoring day",
            f"none called {', '.join(missing)}",
            "Ask `python -m pipeline.commands.why <customer_id>` why not.",
        )
    rows = matrix.features if not customers else matrix.features[ids.isin(customers).to_numpy()]
    return rows.reset_index(drop=True)


def add_levels(rows: pd.DataFrame, levelled: PropensityModel) -> pd.DataFrame:
    """Add where the rows' categories stand today, if the model's levels are forecast."""
    if levelled.shifts is None or not levelled.follows_levels:
        return rows
    return rows.assign(**{SHIFT_COLUMN: levelled.shifts.of(rows)})


if __name__ == "__main__":
    run(main)

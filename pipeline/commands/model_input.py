"""model_input: what a model is asked about on the scoring day -> JSON, as a served model takes it.

    python -m pipeline.commands.model_input <model> [<customer_id> ...] > rows.json

A row a candidate, in the order of customer and category; the answers are `score` and `propensity`
of `data/scores/propensities.parquet`.
"""

import sys
from collections.abc import Collection

import pandas as pd

from pipeline.foundation import config
from pipeline.foundation.config import MODEL_NAMES, ModelName
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.errors import ConfigurationError, DataError, did_you_mean, known
from pipeline.foundation.running import run
from pipeline.io.matrices import read_matrix


def main() -> None:
    """Write the candidates of the named customers; without a name, of all."""
    model, customers = arguments(sys.argv[1:])
    with open_engine(config.load().engine) as engine:
        rows = read_rows(engine, model, customers)
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


if __name__ == "__main__":
    run(main)

"""evaluate: the trained model and its rules on the out-of-time test -> every figure, with limits.

Only eligible rows count. The figures over all rows stand beside them as "naive", to show by how
much asking the wrong people would have flattered the model.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.evaluation.scorer_comparison import Outcomes, Resampling
from pipeline.evaluation.single_feature import LoneFeature, strongest_features
from pipeline.evaluation.whole_evaluation import (
    Evaluated,
    RowFacts,
    evaluate,
    headline,
    plot_tables,
)
from pipeline.features.matrix import Matrix
from pipeline.features.rules import RULES
from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CUSTOMER_KEYS
from pipeline.foundation.engines import open_engine
from pipeline.foundation.errors import BrokenCheckError
from pipeline.foundation.running import model_argument, run
from pipeline.io.matrices import read_matrix
from pipeline.io.model_examples import to_examples
from pipeline.io.tables import read_json, write_json
from pipeline.models.drift import Reference, drift_from
from pipeline.models.estimators.baselines import BASE_RATE, LOGISTIC
from pipeline.models.estimators.blend import Blend, trees_of
from pipeline.models.examples import require_both_labels
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.scorers import load_scorer
from pipeline.population.customer_groups import columns_of, group_customers
from pipeline.statistics.arrays import Floats

log = logging.getLogger(__name__)

BASELINES = (BASE_RATE, *RULES, LOGISTIC)
MODEL, TRUTH = "model", "truth"


@dataclass(frozen=True)
class TestRows:
    """The out-of-time rows, eligible or not, with what every scorer says of them."""

    matrix: Matrix
    propensities: Mapping[str, Floats]
    truth: Floats

    @property
    def is_eligible(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Return which rows the question may be asked of."""
        return self.matrix.keys["is_eligible"].to_numpy(dtype=bool)


def main() -> None:
    """Measure the model that the stage is called for."""
    model = model_argument()
    params = config.load()
    trained = load_scorer(paths.MODELS / model)
    with open_engine(params.engine) as engine:
        matrix = read_matrix(engine, model, splits=["test"], eligible_only=False)
    rows = score_rows(matrix, trained, load_baselines(model), read_truth(model))
    resampling = Resampling(params.evaluate.bootstrap_replicates, params.evaluate.seed)
    facts = RowFacts(
        rows.matrix.keys["category"].astype("object").to_numpy()[rows.is_eligible],
        read_tiers(model, matrix.keys)[rows.is_eligible],
        read_attributes(params.evaluate.groups, matrix.keys[rows.is_eligible]),
    )
    evaluated = measure(model, rows, facts, resampling)
    write_predictions(model, rows)
    reference = Reference.from_json(read_json(paths.reference(model)))
    _write_reports(model, trained, evaluated, rows, find_drift(reference, rows))
    _report(model, evaluated)


def load_baselines(model: ModelName) -> dict[str, PropensityModel]:
    """Return the baselines that were trained; one whose feature family is off is not there."""
    folder = paths.baselines(model)
    found = {name: load_scorer(folder / name) for name in BASELINES if (folder / name).is_dir()}
    for name in BASELINES:
        if name not in found:
            log.warning("%s: no baseline %s was trained", model, name)
    return found


def read_truth(model: ModelName) -> pd.DataFrame | None:
    """Return the propensities that the source knows, or nothing where it knows none."""
    path = paths.table(paths.TRUTH, "propensities")
    if not path.is_file():
        return None
    known: pd.DataFrame = pq.read_table(path, filters=[("model", "=", model)]).to_pandas()
    return known


def score_rows(
    matrix: Matrix,
    trained: PropensityModel,
    baselines: Mapping[str, PropensityModel],
    known: pd.DataFrame | None,
) -> TestRows:
    """Let every scorer speak on the same rows."""
    require_both_labels(to_examples(matrix), "test")
    scorers, features = {MODEL: trained, **baselines}, matrix.features
    propensities = {
        name: scorers[name].calibrated(scores, features)
        for name, scores in _scores(trained, baselines, features).items()
    }
    return TestRows(matrix, propensities, _truth_of(matrix.keys, known))


def _scores(
    trained: PropensityModel, baselines: Mapping[str, PropensityModel], features: pd.DataFrame
) -> dict[str, Floats]:
    """Return every scorer's log-odds; a regression that is part of the blend speaks once."""
    scores = {name: baseline.score(features) for name, baseline in baselines.items()}
    core, logistic = trained.core, baselines.get(LOGISTIC)
    if isinstance(core, Blend) and logistic is not None and core.logistic == logistic.core:
        return {MODEL: core.raw_given(scores[LOGISTIC], features), **scores}
    return {MODEL: trained.score(features), **scores}


def read_tiers(
    model: ModelName, keys: pd.DataFrame
) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Return the tier that each row's customer holds of its category; None where it is none."""
    path = paths.table(paths.POPULATION, model)
    names = [*CANDIDATE_KEYS]
    held: pd.DataFrame = pq.read_table(
        path, columns=[*names, "held_tier"], filters=[("split", "=", "test")]
    ).to_pandas()
    held = held.sort_values(names, kind="stable")  # as the matrix is
    _check_same_customers(held, keys)
    tiers = held["held_tier"].astype("Int64").astype("object")
    return tiers.where(tiers.notna(), None).to_numpy()


def _check_same_customers(held: pd.DataFrame, keys: pd.DataFrame) -> None:
    if not np.array_equal(
        held["customer_id"].to_numpy(), keys["customer_id"].astype("object").to_numpy()
    ):
        raise BrokenCheckError(
            "the test rows of the matrix in the order of the population",
            "another order",
            "Look at pipeline/features/matrix.py.",
        )


def read_attributes(
    names: Sequence[str], keys: pd.DataFrame
) -> dict[str, "np.ndarray[tuple[int], np.dtype[np.object_]]"]:
    """Return each declared group's text for each row; of many as-of dates, the last one's age."""
    path = paths.table(paths.VALIDATED, "customers")
    columns = columns_of(names, pq.read_schema(path).names)
    customers = pq.read_table(path, columns=["customer_id", *columns]).to_pandas()
    grouped = group_customers(customers, names, keys["as_of_date"].max().date())
    of_rows = grouped.set_index("customer_id").reindex(keys["customer_id"].astype("object"))
    return {name: of_rows[name].to_numpy(dtype="object") for name in names}


def measure(model: ModelName, rows: TestRows, facts: RowFacts, resampling: Resampling) -> Evaluated:
    """Measure every scorer on the eligible rows, and the model on all."""
    everyone = _outcomes(rows.matrix)
    is_eligible = rows.is_eligible
    scored = {name: stated[is_eligible] for name, stated in rows.propensities.items()}
    truth = completed(rows.truth[is_eligible])
    if truth is not None:
        scored[TRUTH] = truth
    elif np.isfinite(rows.truth).any():
        log.warning("%s: the truth of too many test rows is not known; it is left out", model)
    return evaluate(
        scored,
        everyone.take(is_eligible),
        facts=facts,
        naive=(rows.propensities[MODEL], everyone),
        resampling=resampling,
    )


def completed(truth: Floats) -> Floats | None:
    """Return the truth with the mean where it is not known; None if that is one row in a hundred.

    Where the company learnt of a holding late, it asks a question that the source does not answer.
    """
    is_known = np.isfinite(truth)
    if is_known.mean() < 0.99:
        return None
    return np.where(is_known, truth, truth[is_known].mean())


def write_predictions(model: ModelName, rows: TestRows) -> None:
    """Write what every scorer said of every test row; an absent scorer's column is empty."""
    keys = rows.matrix.keys
    labels = to_examples(rows.matrix).labels
    columns: dict[str, pa.Array] = {
        "as_of_date": pa.array(keys["as_of_date"]).cast(pa.date32()),
        "customer_id": pa.array(keys["customer_id"].astype("object"), pa.string()),
        "category": pa.array(keys["category"].astype("object"), pa.string()),
        "is_eligible": pa.array(rows.is_eligible),
        "label": pa.array(labels.astype(np.int64)),
        "propensity": pa.array(rows.propensities[MODEL]),
    }
    for name in BASELINES:
        stated = rows.propensities.get(name)
        columns[name] = pa.nulls(len(keys), pa.float64()) if stated is None else pa.array(stated)
    columns[TRUTH] = pa.array(rows.truth, pa.float64(), from_pandas=True)
    path = paths.table(paths.EVALUATION / model, "predictions")
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, compression="zstd")


def _outcomes(matrix: Matrix) -> Outcomes:
    examples = to_examples(matrix)
    lists = matrix.keys.groupby([*CUSTOMER_KEYS], observed=True).ngroup().to_numpy()
    return Outcomes(examples.labels, examples.weights, examples.groups, lists)


def _truth_of(keys: pd.DataFrame, known: pd.DataFrame | None) -> Floats:
    """Return the true propensity of each row; NaN where it is not known."""
    if known is None:
        return np.full(len(keys), np.nan)
    on = [*CANDIDATE_KEYS]
    asked = pd.DataFrame({name: keys[name].astype("object") for name in on[1:]})
    asked.insert(0, "as_of_date", pd.to_datetime(keys["as_of_date"]).to_numpy("datetime64[s]"))
    dates = pd.to_datetime(known["as_of_date"]).to_numpy("datetime64[s]")
    texts = {name: known[name].astype("object") for name in on[1:]}
    found = asked.merge(
        known.assign(as_of_date=dates, **texts)[[*on, "propensity"]], on=on, how="left"
    )
    return found["propensity"].to_numpy(dtype=np.float64)


def _write_reports(
    model: ModelName,
    trained: PropensityModel,
    evaluated: Evaluated,
    rows: TestRows,
    drift: Mapping[str, Any],
) -> None:
    about = {
        "model": model,
        "version": trained.version,
        "as_of_dates": [
            f"{day:%Y-%m-%d}" for day in sorted(rows.matrix.keys["as_of_date"].unique())
        ],
        "population": "eligible rows of the out-of-time test",
        "absent_baselines": [name for name in BASELINES if name not in rows.propensities],
        "strongest_features": [one.to_json() for one in find_strongest(trained, rows)],
        "drift": drift,
    }
    write_json(about | evaluated.report, paths.EVALUATION_REPORTS / f"{model}.json")
    figures = headline(evaluated) | {"score_psi": drift["score"]}
    write_json(figures, paths.METRICS / f"{model}.json")
    folder = paths.PLOTS / model
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in {**plot_tables(evaluated), "importance": importance(trained)}.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def find_drift(reference: Reference, rows: TestRows) -> dict[str, Any]:
    """Return how far the eligible test rows have moved from the rows of the fit."""
    is_eligible = rows.is_eligible
    names = list(reference.features)
    features = rows.matrix.features.loc[is_eligible, names]
    return drift_from(reference, rows.propensities[MODEL][is_eligible], features)


def find_strongest(trained: PropensityModel, rows: TestRows) -> list[LoneFeature]:
    """Return the features that the trees lean on, with what each is worth alone."""
    trees = trees_of(trained.core)
    if trees is None:
        return []
    examples = to_examples(rows.matrix).take(np.flatnonzero(rows.is_eligible))
    return strongest_features(trees, examples.features, examples.labels, examples.groups)


def importance(trained: PropensityModel) -> pd.DataFrame:
    """Return each feature's share of what the trees gained in training, the greatest first."""
    trees = trees_of(trained.core)
    if trees is None:
        return pd.DataFrame({"feature": [], "gain_share": []})
    table = pd.DataFrame(
        {
            "feature": list(trees.feature_names),
            "gain_share": trees.booster.gains().round(6),
        }
    )
    return table.sort_values(["gain_share", "feature"], ascending=[False, True])


def _report(model: ModelName, evaluated: Evaluated) -> None:
    figures = headline(evaluated)
    log.info(
        "%s: %d eligible rows, %d positives; AUC %s, average precision %s, log loss %s, lift %s "
        "in the top tenth",
        model,
        *(
            figures[name]
            for name in ("rows", "positives", "auc", "average_precision", "log_loss", "lift_at_10")
        ),
    )


if __name__ == "__main__":
    run(main)

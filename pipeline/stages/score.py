"""score: the champions on everyone they may be asked about -> propensities and reasons."""

import logging
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import config, paths
from pipeline.config import ModelName
from pipeline.contracts.outputs import PROPENSITIES, REASONS, Output, check
from pipeline.engines import open_engine
from pipeline.features.matrix import Matrix
from pipeline.models.boosted_trees import BoostedTrees
from pipeline.models.placing import first_of_each, place_within
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.reasons import find_reasons
from pipeline.models.scorers import load_scorer
from pipeline.stages import run
from pipeline.stages.matrix_files import read_matrix

log = logging.getLogger(__name__)

# The measures that a personal attribute becomes; any other attribute keeps its name.
MEASURES = {"birth_date": ("age",), "signed_up_on": ("tenure",)}


def main() -> None:
    """Score every eligible customer × category with each model's champion."""
    params = config.load()
    count = params.exports.reasons
    untold = untold_measures(params.exports.sensitive_attributes)
    scores, reasons = [], []
    with open_engine(params.engine) as engine:
        for model in params.models:
            champion = load_scorer(paths.champion(params.source.name, model))
            matrix = read_matrix(engine, model, splits=["scoring"])
            scored = score_rows(model, champion, matrix, read_base_rates(model))
            scores.append(scored)
            reasons.append(explain(model, champion, matrix, scored, count=count, untold=untold))
            log.info(
                "%s: %d rows of %d customers scored by %s %s",
                model,
                len(scored),
                scored["customer_id"].nunique(),
                champion.name,
                champion.version,
            )
    _write(pd.concat(scores), PROPENSITIES, paths.table(paths.SCORES, "propensities"))
    _write(pd.concat(reasons), REASONS, paths.table(paths.SCORES, "reasons"))


def untold_measures(attributes: Collection[str]) -> set[str]:
    """Return the measures that are never told as a reason; the candidate itself is none."""
    measures = {measure for name in attributes for measure in MEASURES.get(name, (name,))}
    return measures | {"category"}


def read_base_rates(model: ModelName) -> pd.Series:
    """Return the share of positives by category, among the eligible of the labelled test."""
    path = paths.table(paths.EVALUATION / model, "predictions")
    tested = pq.read_table(
        path, columns=["category", "label"], filters=[("is_eligible", "=", True)]
    ).to_pandas()
    rates: pd.Series = tested.groupby("category")["label"].mean()
    rates.attrs["pooled"] = float(tested["label"].mean())
    return rates


def score_rows(
    model: ModelName, champion: PropensityModel, matrix: Matrix, base_rates: pd.Series
) -> pd.DataFrame:
    """Return one row a candidate: score, propensity and its place in its category."""
    categories = matrix.keys["category"].astype("object")
    raw = champion.score(matrix.features)
    places = place_within(pd.factorize(categories, sort=True)[0], raw)
    rates = categories.map(base_rates).astype("float64").fillna(base_rates.attrs["pooled"])
    return pd.DataFrame(
        {
            "model": model,
            "category": categories,
            "customer_id": matrix.keys["customer_id"].astype("object"),
            "as_of_date": matrix.keys["as_of_date"],
            "score": raw,
            "propensity": champion.calibrated(raw, matrix.features),
            "rank": places.ranks,
            "percentile": places.percentiles,
            "decile": places.deciles,
            "base_rate": rates,
            "model_version": champion.version,
        }
    )


def explain(
    model: ModelName,
    champion: PropensityModel,
    matrix: Matrix,
    scored: pd.DataFrame,
    *,
    count: int,
    untold: Collection[str],
) -> pd.DataFrame:
    """Return the reasons for each customer's best candidate; none where a rule scores.

    Equal propensities go to the category that comes first in the alphabet, as in the exports.
    """
    names = [name for name, _ in REASONS.columns]
    if not isinstance(champion.core, BoostedTrees):
        return pd.DataFrame({name: [] for name in names})
    best = first_of_each(matrix.groups, scored["propensity"].to_numpy())
    features = matrix.features.iloc[best]
    columns = [column.name for column in champion.core.encoder.columns]
    concepts = [concept_of(name) for name in columns]
    excluded = {concept for concept in concepts if concept.split("__")[-1] in untold}
    found = find_reasons(champion.core.contributions(features), concepts, count, excluded)
    keys = scored.iloc[best].iloc[found.rows]
    return pd.DataFrame(
        {
            "model": model,
            "customer_id": keys["customer_id"].to_numpy(),
            "category": keys["category"].to_numpy(),
            "position": found.positions,
            "feature": np.array(columns, dtype=object)[found.features],
            "value": values_of(features[columns], found.rows, found.features),
            "contribution": found.contributions,
        }
    )[names]


def concept_of(feature: str) -> str:
    """Return family and measure: the windows of one measure tell one story."""
    return "__".join(feature.split("__")[:2])


def values_of(
    features: pd.DataFrame,
    rows: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    columns: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> Sequence[str | None]:
    """Return single values as text; an empty one stays empty."""
    texts = np.full(len(rows), None, dtype=object)
    for column in np.unique(columns):
        here = np.flatnonzero(columns == column)
        codes, distinct = pd.factorize(features.iloc[rows[here], column])
        worded = [f"{one:g}" if isinstance(one, float) else str(one) for one in distinct.tolist()]
        texts[here] = np.array([*worded, None], dtype=object)[codes]  # code -1 is an empty value
    return list(texts)


def _write(frame: pd.DataFrame, output: Output, path: Path) -> None:
    """Write a table in the order of its keys; reasons may be none where rules score."""
    ordered = frame.sort_values(list(output.keys), kind="stable")
    columns = {
        name: pa.array(ordered[name], from_pandas=True).cast(type_)
        for name, type_ in output.columns
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns, schema=pa.schema(output.columns)), path, compression="zstd")
    if len(ordered):
        check(path, output)


if __name__ == "__main__":
    run(main)

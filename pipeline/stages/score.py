"""score: the champions on everyone they may be asked about -> propensities and reasons."""

import logging

import numpy as np
import pandas as pd

from pipeline.features.matrix import Matrix
from pipeline.features.reason_eligibility import sensitive_measures
from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.keys import CUSTOMER_CATEGORY_KEYS
from pipeline.foundation.contracts.outputs import PROPENSITIES, REASONS
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import run
from pipeline.io.matrices import read_matrix
from pipeline.io.outputs import write_output
from pipeline.io.predictions import read_base_rates
from pipeline.io.snapshots import scoring_date
from pipeline.io.todays_levels import TodaysScorer, read_todays_scorer
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.reason_codes import reason_codes
from pipeline.models.scorers import load_scorer
from pipeline.statistics.within_group import best_of_each, place_within

log = logging.getLogger(__name__)


def main() -> None:
    """Score every eligible customer × category with each model's champion."""
    params = config.load()
    excluded = sensitive_measures(params.exports.sensitive_attributes)
    scores, reasons = [], []
    with open_engine(params.engine) as engine:
        for model in params.models:
            champion = load_scorer(paths.champion(params.source.name, model))
            matrix = _only_known(model, champion, read_matrix(engine, model, splits=["scoring"]))
            today = read_todays_scorer(engine, params.source.name, model, champion, scoring_date())
            scored = score_rows(model, today, matrix, read_base_rates(model)).assign(
                model_version=champion.version
            )
            scores.append(scored)
            # Equal propensities go to the category first in the alphabet, as in the exports.
            categories = matrix.keys["category"].cat.codes.to_numpy()
            best = best_of_each(matrix.groups, scored["propensity"].to_numpy(), categories)
            found = reason_codes(
                champion.core,
                matrix.features.iloc[best],
                matrix.keys.iloc[best][[*CUSTOMER_CATEGORY_KEYS]],
                count=params.exports.reasons,
                excluded=excluded,
            )
            reasons.append(found.assign(model=model))
            log.info(
                "%s: %d rows of %d customers scored by %s %s",
                model,
                len(scored),
                scored["customer_id"].nunique(),
                champion.name,
                champion.version,
            )
    write_output(pd.concat(scores), paths.table(paths.SCORES, "propensities"), PROPENSITIES)
    write_output(pd.concat(reasons), paths.table(paths.SCORES, "reasons"), REASONS)


def _only_known(model: ModelName, champion: PropensityModel, matrix: Matrix) -> Matrix:
    """Leave out, by name, the categories that the champion was not trained on."""
    counts = matrix.keys["category"].astype("object").value_counts().sort_index()
    unknown = {name: rows for name, rows in counts.items() if not champion.is_trained_on(str(name))}
    if not unknown:
        return matrix
    log.warning(
        "%s: %s %s was not trained on these categories, so that nobody is scored for them: %s",
        model,
        champion.name,
        champion.version,
        ", ".join(f"{name} ({rows} rows)" for name, rows in unknown.items()),
    )
    return matrix.take(~matrix.keys["category"].isin(list(unknown)).to_numpy())


def score_rows(
    model: ModelName, scorer: TodaysScorer, matrix: Matrix, base_rates: pd.Series
) -> pd.DataFrame:
    """Return one row a candidate: score, propensity with its interval, place in its category."""
    categories = matrix.keys["category"].astype("object")
    champion, intervals = scorer.model, scorer.intervals
    raw = champion.score(matrix.features)
    propensities = champion.calibrated(raw, matrix.features)
    unknown = np.full(len(raw), np.nan)
    low, high = (
        (unknown, unknown)
        if intervals is None
        else intervals.limits(propensities, raw, matrix.features)
    )
    places = place_within(matrix.keys["category"].cat.codes.to_numpy(), raw, matrix.groups)
    rates = categories.map(base_rates).astype("float64").fillna(base_rates.attrs["pooled"])
    return pd.DataFrame(
        {
            "model": model,
            "category": categories,
            "customer_id": matrix.keys["customer_id"].astype("object"),
            "as_of_date": matrix.keys["as_of_date"],
            "score": raw,
            "propensity": propensities,
            "propensity_low": low,
            "propensity_high": high,
            "rank": places.ranks,
            "top_percent": places.top_percents,
            "decile": places.deciles,
            "base_rate": rates,
            "model_version": champion.version,
        }
    )


if __name__ == "__main__":
    run(main)

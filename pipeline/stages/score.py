"""score: the champions on everyone they may be asked about -> propensities and reasons."""

import logging
from collections import Counter
from collections.abc import Collection

import pandas as pd

from pipeline.features.matrix import Matrix
from pipeline.features.reason_eligibility import sensitive_measures
from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, Params
from pipeline.foundation.contracts.keys import CUSTOMER_CATEGORY_KEYS
from pipeline.foundation.contracts.outputs import PROPENSITIES, REASONS
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.matrices import read_matrices
from pipeline.io.outputs import write_output
from pipeline.io.predictions import read_base_rates
from pipeline.io.scored_rows import only_known, place_rows, score_rows
from pipeline.io.snapshots import scoring_date
from pipeline.io.todays_levels import read_todays_scorer
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.reason_codes import reason_codes
from pipeline.models.scorers import load_scorer
from pipeline.statistics.stacking import stack_frames
from pipeline.statistics.within_group import best_of_each

log = logging.getLogger(__name__)


def main() -> None:
    """Score every eligible customer × category with each model's champion."""
    params = config.load()
    scores, reasons = [], []
    with open_engine(params.engine) as engine:
        for model in params.models:
            scored, told = _score(engine, params, model)
            scores.append(scored)
            reasons.append(told.assign(model=model))
    write_output(pd.concat(scores), paths.table(paths.SCORES, "propensities"), PROPENSITIES)
    write_output(pd.concat(reasons), paths.table(paths.SCORES, "reasons"), REASONS)


def _score(engine: Engine, params: Params, model: ModelName) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one model's propensities and reasons; some customers are in memory at a time."""
    champion = load_scorer(paths.champion(params.source.name, model))
    today = read_todays_scorer(engine, params.source.name, model, champion, scoring_date())
    rates = read_base_rates(model)
    excluded = sensitive_measures(params.exports.sensitive_attributes)
    scores, reasons, unknown = [], [], Counter[str]()
    for matrix in read_matrices(engine, model, split="scoring"):
        known, left_out = only_known(champion, matrix)
        scores.append(score_rows(model, today, known, rates))
        reasons.append(_explain(champion, known, scores[-1], params.exports.reasons, excluded))
        unknown += left_out
    _warn_of_unknown(model, champion, unknown)
    scored = place_rows(stack_frames(scores)).assign(model_version=champion.version)
    log.info(
        "%s: %d rows of %d customers scored by %s %s",
        model,
        len(scored),
        scored["customer_id"].nunique(),
        champion.name,
        champion.version,
    )
    return scored, pd.concat(reasons)


def _explain(
    champion: PropensityModel,
    matrix: Matrix,
    scored: pd.DataFrame,
    count: int,
    excluded: Collection[str],
) -> pd.DataFrame:
    """Return the reasons of each customer's likeliest category."""
    # Equal propensities go to the category first in the alphabet, as in the exports.
    categories = matrix.keys["category"].cat.codes.to_numpy()
    best = best_of_each(matrix.groups, scored["propensity"].to_numpy(), categories)
    return reason_codes(
        champion.core,
        matrix.features.iloc[best],
        matrix.keys.iloc[best][[*CUSTOMER_CATEGORY_KEYS]],
        count=count,
        excluded=excluded,
    )


def _warn_of_unknown(model: ModelName, champion: PropensityModel, unknown: Counter[str]) -> None:
    if not unknown:
        return
    log.warning(
        "%s: %s %s was not trained on these categories, so that nobody is scored for them: %s",
        model,
        champion.name,
        champion.version,
        ", ".join(f"{name} ({unknown[name]} rows)" for name in sorted(unknown)),
    )


if __name__ == "__main__":
    run(main)

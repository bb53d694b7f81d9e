"""score: the champions on everyone they may be asked about -> propensities and reasons."""

import logging
from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from pipeline.exports import profiles
from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, Params
from pipeline.foundation.contracts.outputs import PROPENSITIES, REASONS
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.matrices import asked_rows, map_matrices
from pipeline.io.outputs import write_rows
from pipeline.io.predictions import read_base_rates
from pipeline.io.row_reasons import NO_REASONS, explain_rows
from pipeline.io.scored_rows import SCORED, RowScorer, best_rows, count_unknown, place_rows
from pipeline.io.snapshots import scoring_date
from pipeline.io.todays_levels import read_todays_scorer
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.scorers import load_scorer

log = logging.getLogger(__name__)


def main() -> None:
    """Score every eligible customer × category with each model's champion."""
    params = config.load()
    chosen = [profiles.find(name) for name in params.exports.profiles]
    tells_everybody = any(one.tells_of_best_candidates for one in chosen)
    scores, reasons = [], []
    with open_engine(params.engine) as engine:
        for model in params.models:
            champion = load_scorer(paths.champion(params.source.name, model))
            scored = score(engine, params, model, champion)
            scores.append(place_rows(scored, champion.version))
            if _count(engine, model, champion, scored) and tells_everybody:
                best = engine.materialize(best_rows(scored))
                reasons.append(
                    explain_rows(
                        engine,
                        model,
                        champion,
                        best,
                        count=params.exports.reasons,
                        sensitive=params.exports.sensitive_attributes,
                    )
                )
        told = ibis.union(*reasons) if reasons else engine.table(NO_REASONS)
        for name, rows, contract in (
            ("propensities", ibis.union(*scores), PROPENSITIES),
            ("reasons", told, REASONS),
        ):
            write_rows(engine, rows, paths.table(paths.SCORES, name), contract)


def score(engine: Engine, params: Params, model: ModelName, champion: PropensityModel) -> ir.Table:
    """Return one model's rows (SCORED) of all that the champion knows; warn of all others."""
    today = read_todays_scorer(engine, params.source.name, model, champion, scoring_date())
    asked = asked_rows(engine, model, split="scoring")
    _warn_of_unknown(model, champion, count_unknown(engine, champion, asked))
    scorer = RowScorer(model, today, read_base_rates(model))
    return map_matrices(engine, model, scorer, SCORED, split="scoring")


def _count(engine: Engine, model: ModelName, champion: PropensityModel, scored: ir.Table) -> int:
    """Return, and tell, how many rows were scored."""
    counts = scored.aggregate(rows=scored.count(), customers=scored.customer_id.nunique())
    (found,) = engine.arrow(counts).to_pylist()
    log.info(
        "%s: %d rows of %d customers scored by %s %s",
        model,
        found["rows"],
        found["customers"],
        champion.name,
        champion.version,
    )
    return int(found["rows"])


def _warn_of_unknown(
    model: ModelName, champion: PropensityModel, unknown: Mapping[str, int]
) -> None:
    if not unknown:
        return
    log.warning(
        "%s: %s %s was not trained on these categories, so that nobody is scored for them: %s",
        model,
        champion.name,
        champion.version,
        ", ".join(f"{name} ({rows} rows)" for name, rows in unknown.items()),
    )


if __name__ == "__main__":
    run(main)

"""study: answer one question about the way of working; no DVC stage, run by hand.

    python -m pipeline.commands.study <question> [<model>]
    python -m pipeline.commands.study policy [<seed> ...]
    python -m pipeline.commands.study waves [<seed> ...]

Reads what the pipeline has made, writes `reports/studies/<source>/<question>_<model>*`.
"""

import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

import ibis.expr.types as ir

from pipeline.commands import policy_study, waves_study
from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.foundation import config, paths
from pipeline.foundation.config import MODEL_NAMES, ModelName, Params
from pipeline.foundation.contracts.hand_overs.backtest_study import BacktestStudy
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.errors import ConfigurationError, DataError, did_you_mean, known
from pipeline.foundation.running import run
from pipeline.io.backtests import write_backtest
from pipeline.io.made_from import made_from
from pipeline.io.matrices import read_families
from pipeline.io.model_examples import CANDIDATE
from pipeline.io.past_rates import read_rate_history
from pipeline.io.snapshots import scoring_date
from pipeline.io.study_answers import write_answer
from pipeline.io.study_rows import read_panel
from pipeline.io.tables import read_json
from pipeline.models.tuning.search import TunedParams
from pipeline.population.dates import OutcomeWindow
from pipeline.population.joins import left_join
from pipeline.studies import backtest, families, limit, pooled, refit, split
from pipeline.studies.answer import Answer
from pipeline.studies.fitting import Procedure
from pipeline.studies.panel import Panel

log = logging.getLogger(__name__)

QUESTIONS: Mapping[str, Callable[[Panel, Procedure], Answer]] = {
    "backtest": backtest.answer,
    "families": families.answer,
    "limit": limit.answer,
    "pooled": pooled.answer,
    "refit": refit.answer,
    "split": split.answer,
}


def main() -> None:
    """Answer the question for one model, or for every model."""
    for whole in (policy_study, waves_study):
        if sys.argv[1:2] == [whole.QUESTION]:
            whole.main(sys.argv[2:])
            return
    question, model = arguments(sys.argv[1:])
    params = config.load()
    origin = made_from(params.source.name, params.snapshots.gap_days, params.snapshots.outcome_days)
    for name in params.models if model is None else (model,):
        if is_rules_only(name):
            log.warning("%s: no model could be fitted, so there is nothing to ask of it", name)
            continue
        with open_engine(params.engine) as engine:
            panel = read(engine, name, params)
        found = QUESTIONS[question](panel, procedure(name, params))
        facts = {"made_from": origin.model_dump(), **found.facts}
        base = paths.study(params.source.name, question, name)
        write_answer(replace(found, facts=facts), base)
        if question == "backtest":
            write_backtest(params.source.name, name, BacktestStudy.model_validate(facts))
        log.info(
            "%s: %s on %d rows of %d dates: %s",
            name,
            question,
            len(panel.examples),
            len(panel.as_of_dates),
            base.with_suffix(".md"),
        )


def arguments(given: list[str]) -> tuple[str, ModelName | None]:
    """Return the question and the model; no model means every one.

    Raises:
        ConfigurationError: there is no such question or model.
    """
    question, model = (*given, None, None)[:2]
    chosen: ModelName | None = next((name for name in MODEL_NAMES if name == model), None)
    if question not in QUESTIONS or len(given) > 2 or (model is not None and chosen is None):
        raise ConfigurationError(
            f"policy [<seed> ...] or <question> [<model>]; questions {known(QUESTIONS)}; "
            f"models {known(MODEL_NAMES)}",
            " ".join(given) or "nothing",
            f"{did_you_mean(question or '', [*QUESTIONS])}Call python -m pipeline.commands.study "
            "backtest cross_sell, for instance.",
        )
    return str(question), chosen


def is_rules_only(model: ModelName) -> bool:
    """Return whether `tune` found too few outcomes to search for a model."""
    best = paths.TUNING / model / "best.json"
    return best.is_file() and read_json(best)["trees"] == 0


def read(engine: Engine, model: ModelName, params: Params) -> Panel:
    """Read what the pipeline has made for a model."""
    path = paths.table(paths.POPULATION, model)
    if not path.exists():
        raise DataError(f"the population of {model} in {path}", "no such file", "Run dvc repro.")
    window = OutcomeWindow(params.snapshots.gap_days, params.snapshots.outcome_days)
    predicted = read_predicted(engine, model)
    panel = read_panel(
        engine, engine.read(path), read_families(engine), window, predicted=predicted
    )
    past, _ = read_rate_history(model, scoring_date())
    return replace(panel, past=past)


def read_predicted(engine: Engine, model: ModelName) -> ir.Table | None:
    """Return what the source knows of each row and what was said of the test rows.

    None where the source knows nothing, or nothing was evaluated.
    """
    known, said = (
        paths.table(paths.TRUTH, "propensities"),
        paths.table(paths.EVALUATION / model, "predictions"),
    )
    if not (known.exists() and said.exists()):
        return None
    rows = engine.read(known)
    truth = rows.filter(rows.model == model).select(*CANDIDATE_KEYS, truth=rows.propensity)
    tested = engine.read(said)
    tested = tested.select(*CANDIDATE_KEYS, model=tested.propensity, base_rate=tested.base_rate)
    return left_join(truth, tested, CANDIDATE_KEYS)


def procedure(model: ModelName, params: Params) -> Procedure:
    """Return how the pipeline itself fits and measures: its tuned parameters, its seeds."""
    saved = paths.TUNING / model / "best.json"
    if not saved.is_file():
        raise DataError(f"tuned parameters in {saved}", "no such file", "Run dvc repro.")
    tuned = TunedParams.from_json(read_json(saved))
    return Procedure(
        params=tuned.params,
        max_trees=max(params.tune.max_trees, tuned.trees),
        patience=params.tune.early_stopping_rounds,
        seed=params.train.seed,
        threads=params.train.threads,
        resampling=Resampling(params.evaluate.bootstrap_replicates, params.evaluate.seed),
        segments=CANDIDATE,
    )


if __name__ == "__main__":
    run(main)

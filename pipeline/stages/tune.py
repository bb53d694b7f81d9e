"""tune: train and validation rows -> the best parameters of one model, and every trial."""

import logging

from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, TuneParams
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import model_argument, run
from pipeline.io.model_examples import read_examples
from pipeline.io.tables import write_json
from pipeline.models.learnable import why_no_model
from pipeline.models.tuning.search import StudyPlan, nothing_to_search, tune
from pipeline.models.tuning.trial_history import trace

log = logging.getLogger(__name__)


def main() -> None:
    """Search the parameters of the model that the stage is called for."""
    model = model_argument()
    params = config.load()
    plan = study_plan(params.tune)
    if plan.workers > 1:
        log.warning(
            "%s: %d trials at once; which parameters win depends on the machine",
            model,
            plan.workers,
        )
    with open_engine(params.engine) as engine:
        rows, seed = params.tune.max_rows, params.tune.seed
        train = read_examples(engine, model, "train", max_rows=rows, seed=seed)
        validation = read_examples(engine, model, "validation", max_rows=rows, seed=seed)
    missing = why_no_model(train, validation)
    if missing is None:
        place = paths.TEMPORARY / "tuning"
        with paths.holding(place / f"{model}{paths.LOCK}"):  # two at once would share their trials
            warm_start = params.tune.warm_start.get(model)
            study = tune(train, validation, plan, place / f"{model}.journal", warm_start)
    else:
        log.warning("%s: no model, rules only: %s", model, missing)
        study = nothing_to_search(train, validation)
    folder = paths.TUNING / model
    write_json(study.best.to_json(), folder / "best.json")
    write_json({"trials": [vars(trial) for trial in study.trials]}, folder / "trials.json")
    write_json(study.importance, folder / "importance.json")
    trace(study.trials).to_csv(folder / "history.csv", index=False, lineterminator="\n")
    _report(model, len(train), train.positives, study.best.validation_log_loss, study.best.trees)


def study_plan(tuning: TuneParams) -> StudyPlan:
    """Return how long to search."""
    return StudyPlan(
        trials=tuning.trials,
        max_trees=tuning.max_trees,
        patience=tuning.early_stopping_rounds,
        seed=tuning.seed,
        threads=tuning.threads,
        workers=tuning.workers,
    )


def _report(model: ModelName, rows: int, positives: int, value: float, trees: int) -> None:
    log.info(
        "%s: %d rows, %d positives; best validation log loss %.5f with %d trees",
        model,
        rows,
        positives,
        value,
        trees,
    )


if __name__ == "__main__":
    run(main)

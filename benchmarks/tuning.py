"""How many trials a minute: the project's tuning against `LGBMClassifier.fit` for each trial.

    python -m benchmarks.tuning [<model>] [<trials>]

Both search the same rows with the same parameters, trial by trial, stopped by the same rows. The
project bins the rows once, prunes, and ends by trying the winner with slower learning, which counts
against it. The plain way takes the frame, with its texts as categories, and bins it every time.
"""

import json
import logging
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import lightgbm as lgb

from pipeline.foundation import config, paths
from pipeline.foundation.config import MODEL_NAMES
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import run
from pipeline.io.model_examples import read_examples
from pipeline.io.tables import write_json
from pipeline.models.examples import Examples
from pipeline.models.tuning.search import Study, StudyPlan, tune
from pipeline.models.tuning.search_space import SearchSpace, search_space
from pipeline.stages.tune import study_plan

log = logging.getLogger(__name__)
PLAIN_TRIALS = 6
"""Of the plain way so many are enough to tell its pace."""


def main() -> None:
    """Measure both, and write what was found."""
    model = next((name for name in MODEL_NAMES if name in sys.argv[1:]), MODEL_NAMES[-1])
    params = config.load()
    trials = next((int(text) for text in sys.argv[1:] if text.isdigit()), params.tune.trials)
    plan = replace(study_plan(params.tune), trials=trials)
    with open_engine(params.engine) as engine:
        train, validation = (
            read_examples(engine, model, split, max_rows=params.tune.max_rows, seed=plan.seed)
            for split in ("train", "validation")
        )
    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        study = tune(train, validation, plan, Path(folder) / "journal")
        ours = 60 * trials / (time.perf_counter() - started)
    plain, losses = _plain_pace(train, validation, study, plan)
    found = {
        "rows": len(train),
        "features": train.features.shape[1],
        "trials_a_minute": round(ours, 1),
        "plain_trials_a_minute": round(plain, 1),
        "ratio": round(ours / plain, 2),
        "best_validation_log_loss": round(study.best.validation_log_loss, 6),
        "plain_best_validation_log_loss": round(min(losses), 6),
        "threads": plan.threads,
        "workers": plan.workers,
    }
    write_json(found, paths.study(params.source.name, "throughput", model).with_suffix(".json"))
    log.info("%s: %s", model, json.dumps(found))


def _plain_pace(
    train: Examples, validation: Examples, study: Study, plan: StudyPlan
) -> tuple[float, list[float]]:
    """Return trials a minute, and the validation log loss of each."""
    texts = train.features.select_dtypes("category").columns
    widest = max((train.features[name].nunique() for name in texts), default=0)
    space = search_space(train.positives, widest)
    # Every place in the study by turns, so that cheap and dear trials are both among them.
    chosen = study.trials[:: max(1, len(study.trials) // PLAIN_TRIALS)]
    started = time.perf_counter()
    losses = [_fit(train, validation, space, trial.params, plan) for trial in chosen]
    return 60 * len(chosen) / (time.perf_counter() - started), losses


def _fit(
    train: Examples,
    validation: Examples,
    space: SearchSpace,
    values: dict[str, float],
    plan: StudyPlan,
) -> float:
    model = lgb.LGBMClassifier(
        n_estimators=plan.max_trees,
        subsample_freq=1,
        n_jobs=plan.threads,
        random_state=plan.seed,
        verbose=-1,
        **asdict(space.to_params(values)),
    )
    model.fit(
        train.features,
        train.labels,
        sample_weight=train.weights,
        eval_set=[(validation.features, validation.labels)],
        eval_sample_weight=[validation.weights],
        callbacks=[lgb.early_stopping(plan.patience, verbose=False)],
    )
    return float(model.best_score_["valid_0"]["binary_logloss"])


if __name__ == "__main__":
    run(main)

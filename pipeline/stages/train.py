"""train: rows and the best parameters -> a calibrated model, and the baselines it must beat."""

import json
import logging
from collections.abc import Mapping
from shutil import rmtree

from pipeline.features.baseline_rules import RULES
from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, TrainParams
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import model_argument, run
from pipeline.io.model_examples import CANDIDATE, read_examples
from pipeline.io.tables import write_json
from pipeline.models.drift import reference_of
from pipeline.models.estimators.baselines import LOGISTIC, BaselinePlan, fit_baselines
from pipeline.models.estimators.blend import blend_if_it_pays
from pipeline.models.estimators.boosted_trees import fit_on_more_rows
from pipeline.models.estimators.core import Core
from pipeline.models.estimators.rule_ranker import RuleColumn
from pipeline.models.examples import ENOUGH_NEGATIVES, Examples
from pipeline.models.propensity_model import PropensityModel, calibrate_core
from pipeline.models.tuning.search import TunedParams

log = logging.getLogger(__name__)


def main() -> None:
    """Fit the model that the stage is called for, on train rows; calibrate on validation rows."""
    model = model_argument()
    params = config.load()
    with open_engine(params.engine) as engine:
        train, validation = (
            read_examples(
                engine,
                model,
                split,
                max_rows=params.train.max_rows,
                negatives_per_positive=ENOUGH_NEGATIVES,
                seed=params.train.seed,
            )
            for split in ("train", "validation")
        )
    tuned = TunedParams.from_json(
        json.loads((paths.TUNING / model / "best.json").read_text(encoding="utf-8"))
    )
    baselines = fit_baselines(train, validation, baseline_plan(params.train))
    logistic = baselines[LOGISTIC].core
    trained = fit_model(model, train, validation, tuned, params.train, logistic=logistic)
    _save(model, trained, baselines)
    reference = reference_of(trained, train, params.train.seed)
    write_json(reference.to_json(), paths.reference(model))
    log.info(
        "%s: %d rows in, %d positives; %s %s with %d trees, calibration %s%s; baselines %s",
        model,
        len(train),
        train.positives,
        trained.core.kind,
        trained.version,
        trained.made_from["trees"],
        trained.calibrator.method,
        f" by {trained.shifts.column}" if trained.shifts else "",
        ", ".join(baselines),
    )


def fit_model(
    name: ModelName,
    train: Examples,
    validation: Examples,
    tuned: TunedParams,
    training: TrainParams,
    *,
    logistic: Core,
) -> PropensityModel:
    """Fit the tuned trees; blend and calibrate them on rows the fit did not see."""
    trees = fit_on_more_rows(train, validation, tuned, training.seed, training.threads)
    core = blend_if_it_pays(trees, logistic, validation)
    made_from = {
        "rows": len(train),
        "positives": train.positives,
        "calibration_rows": len(validation),
        "calibration_positives": validation.positives,
        "trees": trees.booster.trees,
        "tuned": tuned.to_json(),
        "seed": training.seed,
    }
    return calibrate_core(name, core, train, validation, made_from, segments=CANDIDATE)[0]


def baseline_plan(training: TrainParams) -> BaselinePlan:
    """Return the baselines by the columns that `features.baseline_rules` declares."""
    rules = {
        name: tuple(
            RuleColumn(column, is_smaller_better=not is_descending)
            for column, is_descending in rule.columns
        )
        for name, rule in RULES.items()
    }
    return BaselinePlan(group_column=CANDIDATE, rules=rules, seed=training.seed)


def _save(
    model: ModelName, trained: PropensityModel, baselines: Mapping[str, PropensityModel]
) -> None:
    folder = paths.MODELS / model
    rmtree(folder, ignore_errors=True)
    trained.save(folder)
    for name, baseline in baselines.items():
        baseline.save(paths.baselines(model) / name)


if __name__ == "__main__":
    run(main)

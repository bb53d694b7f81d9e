"""train: rows and the best parameters -> a calibrated model, and the baselines it must beat."""

import logging
from collections.abc import Mapping
from shutil import rmtree

from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, TrainParams
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import model_argument, run
from pipeline.io.baselines import baseline_plan
from pipeline.io.model_examples import CANDIDATE, read_examples
from pipeline.io.past_rates import read_rate_history
from pipeline.io.snapshots import read_snapshots
from pipeline.io.tables import read_json, write_json
from pipeline.models.calibration.rate_forecast import ForecastTrial, try_forecast
from pipeline.models.drift import reference_of
from pipeline.models.estimators.baselines import (
    LOGISTIC,
    fit_baselines,
    fit_rules_only,
)
from pipeline.models.estimators.blend import blend_if_it_pays
from pipeline.models.estimators.boosted_trees import fit_on_more_rows
from pipeline.models.estimators.core import Core
from pipeline.models.examples import ENOUGH_NEGATIVES, Examples
from pipeline.models.learnable import stand_in, why_no_model
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
    plan = baseline_plan(params.train.seed)
    missing = why_no_model(train, validation)
    if missing is None:
        tuned = TunedParams.from_json(read_json(paths.TUNING / model / "best.json"))
        levels = try_forecast(*read_rate_history(model, read_snapshots().test))
        baselines = fit_baselines(train, validation, plan, levels)
        logistic = baselines[LOGISTIC].core
        trained = fit_model(
            model, train, validation, tuned, params.train, logistic=logistic, levels=levels
        )
    else:
        log.warning("%s: no model, rules only: %s", model, missing)
        baselines = fit_rules_only(train, plan)
        trained = stand_in(model, baselines, missing)
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
    levels: ForecastTrial | None = None,
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
    return calibrate_core(
        name, core, train, validation, made_from, segments=CANDIDATE, levels=levels
    )[0]


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

"""train: rows and the best parameters -> a calibrated model, and the baselines it must beat."""

import logging
from shutil import rmtree

from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, TrainParams
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import model_argument, run
from pipeline.io.baselines import baseline_plan
from pipeline.io.model_examples import read_examples
from pipeline.io.past_dates import date_of, write_pasts
from pipeline.io.past_rates import read_rate_history
from pipeline.io.snapshots import read_snapshots
from pipeline.io.tables import read_json, write_json
from pipeline.models.calibration.rate_forecast import try_forecast
from pipeline.models.drift import reference_of
from pipeline.models.estimators.baselines import BaselinePlan, fit_rules_only
from pipeline.models.examples import ENOUGH_NEGATIVES, Examples
from pipeline.models.learnable import stand_in, why_no_model
from pipeline.models.pasts.fits import FitPlan
from pipeline.models.pasts.rolling import MOST, period_of, rolling_pasts
from pipeline.models.pasts.training import Trained, train_over_pasts
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
        trained = fit_model(model, train, validation, plan, params.train)
    else:
        log.warning("%s: no model, rules only: %s", model, missing)
        rules = fit_rules_only(train, plan)
        trained = Trained(stand_in(model, rules, missing), rules, ())
    _save(model, trained)
    fitted = trained.model
    reference = reference_of(fitted, train, params.train.seed)
    write_json(reference.to_json(), paths.reference(model))
    log.info(
        "%s: %d rows in, %d positives; %s %s with %d trees, calibration %s%s; baselines %s",
        model,
        len(train),
        train.positives,
        fitted.core.kind,
        fitted.version,
        fitted.made_from["trees"],
        fitted.calibrator.method,
        f" by {fitted.shifts.column}" if fitted.shifts else "",
        ", ".join(trained.baselines),
    )


def fit_model(
    model: ModelName,
    train: Examples,
    validation: Examples,
    rules: BaselinePlan,
    training: TrainParams,
) -> Trained:
    """Fit model and baselines, with what several pasts choose."""
    tuned = TunedParams.from_json(read_json(paths.TUNING / model / "best.json"))
    pasts = rolling_pasts(train, validation)
    days = [date_of(period_of(past.held_out)).isoformat() for past in pasts]
    log.info("%s: chosen over %d dates: %s", model, len(days), ", ".join(days))
    if len(pasts) <= MOST:
        log.warning("%s: history holds no more than %d dates to choose by", model, len(days))
    made_from = {
        "rows": len(train),
        "positives": train.positives,
        "calibration_rows": len(validation),
        "calibration_positives": validation.positives,
        "chosen_over": days,
        "tuned": tuned.to_json(),
        "seed": training.seed,
    }
    return train_over_pasts(
        model,
        pasts,
        FitPlan(tuned, training.seed, training.threads),
        rules,
        levels=try_forecast(*read_rate_history(model, read_snapshots().test)),
        levels_at=lambda period: try_forecast(*read_rate_history(model, date_of(period))),
        made_from=made_from,
    )


def _save(model: ModelName, trained: Trained) -> None:
    folder = paths.MODELS / model
    rmtree(folder, ignore_errors=True)
    trained.model.save(folder)
    for name, baseline in trained.baselines.items():
        baseline.save(paths.baselines(model) / name)
    write_pasts(model, trained.pasts)


if __name__ == "__main__":
    run(main)

"""track: everything that was written -> one MLflow run for every distinct result.

A cache hit of DVC runs no command, so nothing is tracked while a model is made. This stage comes
last and reads what the others wrote; running it again adds nothing.
"""

import hashlib
import json
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.errors import DataError
from pipeline.foundation.running import run
from pipeline.io.tables import read_json, write_json
from pipeline.reports.charts import model_charts
from pipeline.tracking.code_state import read_code_state
from pipeline.tracking.location import locate
from pipeline.tracking.records import (
    DatasetRecord,
    ModelRecord,
    Notes,
    ResultRecord,
    SavedModel,
    flatten,
    model_params,
    read_model,
    read_trials,
)
from pipeline.tracking.result import result_key, written_hashes
from pipeline.tracking.store import record

log = logging.getLogger(__name__)


def main() -> None:
    """Record the result that the other stages wrote."""
    params = config.load()
    lock = read_lock(paths.DVC_LOCK)
    result = describe_result(params, lock)
    root = Path(os.environ.get("DVC_ROOT", "."))
    location = locate(root / paths.TRACKING, os.environ.get("MLFLOW_TRACKING_URI"))
    (root / paths.TRACKING).mkdir(exist_ok=True)
    is_new = record(result, location, params.track.experiment)
    write_json({"result": result.key}, paths.TRACKED)
    log.info(
        "%s: %s with %s models and %s trials",
        result.name,
        "recorded" if is_new else "is recorded already",
        len(result.models),
        sum(len(model.trials) for model in result.models),
    )


def read_lock(path: Path) -> dict[str, Any]:
    """Return `dvc.lock` without this stage's own entry.

    Raises:
        DataError: it is not there.
    """
    if not path.exists():
        raise DataError(f"what DVC wrote in {path}", "no such file", "Run it through dvc repro.")
    lock: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    others = {name: stage for name, stage in lock["stages"].items() if name != "track"}
    return {**lock, "stages": others}


def describe_result(params: Params, lock: Mapping[str, Any]) -> ResultRecord:
    """Return the parent run: what was asked of which data, and the figures of all models."""
    hashes = written_hashes(lock, what_is_read(params.source.name))
    key = result_key(hashes)
    population = read_json(paths.POPULATION_REPORT)
    dates = population["as_of_dates"]
    source, as_of_date = params.source.name, dates["scoring"][0]
    text = json.dumps(lock, sort_keys=True).encode()
    tags = {
        **read_code_state(),
        "dvc_lock": hashlib.sha256(text).hexdigest(),
        "source": source,
        "as_of_date": as_of_date,
    }
    if "DVC_EXP_NAME" in os.environ:
        tags["dvc_experiment"] = os.environ["DVC_EXP_NAME"]
    models = [describe_model(model, source, hashes, tags) for model in params.models]
    facts = {f"as_of_dates.{split}": ", ".join(some) for split, some in dates.items()}
    notes = Notes(
        params={"source": source, "models": ", ".join(params.models), **facts},
        metrics={
            f"{model.name}.{name}": value
            for model in models
            for name, value in model.notes.metrics.items()
        },
        tags=tags,
        files=[
            (paths.REPORT, ""),
            (paths.POPULATION_REPORT, ""),
            (paths.FEATURES_REPORT, ""),
            *((file, f"exports/{file.parent.name}") for file in _manifests()),
        ],
        datasets=_datasets(hashes),
    )
    return ResultRecord(key, f"{source} {as_of_date} {key[:8]}", notes, models)


def what_is_read(source: str) -> list[Path]:
    """Return every file and folder that decides what is recorded: the stage's own dependencies."""
    return [
        paths.POPULATION,
        paths.FEATURES,
        paths.TUNING,
        paths.MODELS,
        paths.CHAMPION / source,
        paths.EXPORTS,
        paths.METRICS,
        paths.PLOTS,
        paths.EVALUATION_REPORTS,
        paths.VERDICTS,
        paths.MODEL_CARDS,
        paths.POPULATION_REPORT,
        paths.FEATURES_REPORT,
        paths.REPORT,
    ]


def describe_model(
    model: str, source: str, hashes: Mapping[str, str], tags: Mapping[str, str]
) -> ModelRecord:
    """Return the child run of one model."""
    challenger = read_json(paths.MODELS / model / "model.json")
    verdict_file = paths.VERDICTS / f"{model}.json"
    verdict = read_json(verdict_file)
    notes = Notes(
        params=model_params(challenger),
        metrics={
            **flatten(read_json(paths.METRICS / f"{model}.json")),
            **flatten(read_json(paths.TUNING / model / "importance.json"), "tuning_importance."),
        },
        curves={"tuning_best_log_loss": read_history(model)},
        tags={
            **tags,
            "decision": verdict["decision"],
            "scored_by": verdict["scored_by"],
            "challenger_version": challenger["version"],
            "champion_version": verdict["champion"]["version"],
            "grade": verdict["grade"]["letter"],
            **describe_override(verdict["override"]),
            "mlflow.note.content": verdict["in_words"],
        },
        files=[
            (verdict_file, ""),
            (paths.MODEL_CARDS / f"{model}.md", ""),
            (paths.TUNING / model / "importance.json", "tuning"),
            (paths.TUNING / model / "history.csv", "tuning"),
            (paths.EVALUATION_REPORTS / f"{model}.json", "evaluation"),
            *((file, "plots") for file in sorted((paths.PLOTS / model).glob("*.csv"))),
        ],
        texts=plan_plots(model),
        datasets=_datasets(hashes),
    )
    trials = read_json(paths.TUNING / model / "trials.json")["trials"]
    return ModelRecord(
        model,
        notes,
        read_trials(trials),
        challenger=read_model(challenger, paths.MODELS / model),
        champion=_read_saved(paths.champion(source, model)),
    )


def describe_override(override: Mapping[str, str] | None) -> dict[str, str]:
    """Return who overrode the gate, and why, as tags; nothing where nobody did."""
    if override is None:
        return {}
    return {"override_by": override["name"], "override_reason": override["reason"]}


def read_history(model: str) -> list[float]:
    """Return the best validation log loss known after each trial, from the first complete one on."""
    best = pd.read_csv(paths.TUNING / model / "history.csv")["best"]
    known: list[float] = best.dropna().tolist()
    return known


def plan_plots(model: str) -> dict[str, Callable[[], str]]:
    """Return how each drawing of the report is made, by artifact path."""

    def table(name: str) -> pd.DataFrame:
        return pd.read_csv(paths.PLOTS / model / f"{name}.csv")

    return {
        "plots/gain.svg": lambda: model_charts.draw_gain(table("gain"), model),
        "plots/lift_by_decile.svg": lambda: model_charts.draw_lift(table("lift_by_decile"), model),
        "plots/calibration.svg": lambda: model_charts.draw_calibration(table("calibration"), model),
        "plots/baselines.svg": lambda: model_charts.draw_comparison(
            table("baselines"), "average_precision", "Average precision, higher is better", model
        ),
    }


def _read_saved(folder: Path) -> SavedModel:
    return read_model(read_json(folder / "model.json"), folder)


def _datasets(hashes: Mapping[str, str]) -> list[DatasetRecord]:
    """Return what went into the models, by the hashes that DVC keeps them under."""
    contexts = {paths.POPULATION: "labels", paths.FEATURES: "features"}
    return [
        DatasetRecord(path.name, str(path), hashes[str(path)], context)
        for path, context in contexts.items()
    ]


def _manifests() -> list[Path]:
    return sorted(paths.EXPORTS.glob("*/manifest.json"))


if __name__ == "__main__":
    run(main)

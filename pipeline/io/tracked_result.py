"""Where tracking finds what the other stages wrote: one result, with a record of each model."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.headline_metrics import HeadlineMetrics
from pipeline.foundation.contracts.hand_overs.population_report import PopulationReport
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.contracts.hand_overs.saved_model import SavedModelFile
from pipeline.foundation.contracts.hand_overs.tuning import TuningImportance, TuningTrials
from pipeline.io.documents import read_document
from pipeline.reports.charts import model_charts
from pipeline.tracking.dotted_names import flatten, flatten_counts
from pipeline.tracking.model_records import (
    model_metrics,
    model_params,
    model_tags,
    record_model,
    record_trials,
    result_metrics,
)
from pipeline.tracking.records import DatasetRecord, ModelRecord, Notes, ResultRecord, SavedModel
from pipeline.tracking.result import result_key


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
        paths.FUNNEL,
        paths.CAMPAIGN_PAGE,
        paths.MODELS_PAGE,
    ]


def read_result(
    source: str,
    models: tuple[str, ...],
    hashes: Mapping[str, str],
    tags: Mapping[str, str],
    used: Mapping[str, str],
) -> ResultRecord:
    """Return the parent run: what was asked of which data, the figures of all models and the wave.

    Args:
        source: `source.name`.
        models: by name.
        hashes: of what is read, by path, as DVC keeps them.
        tags: of the parent and of every child.
        used: the parameters that the stages used.
    """
    key = result_key(hashes)
    dates = read_document(paths.POPULATION_REPORT, PopulationReport).as_of_dates
    as_of_date = str(dates.scoring[0])
    tags = {**tags, "source": source, "as_of_date": as_of_date}
    records = [read_model_record(model, source, hashes, tags) for model in models]
    facts = {
        f"as_of_dates.{split}": ", ".join(str(day) for day in dates.of(split))
        for split in type(dates).model_fields
    }
    manifests = sorted(paths.EXPORTS.glob("*/manifest.json"))
    notes = Notes(
        params={"source": source, "models": ", ".join(models), **facts, **used},
        metrics={
            **result_metrics({model.name: model.notes.metrics for model in records}),
            **read_wave_metrics(),
        },
        tags={**tags, "mlflow.note.content": _describe(source, as_of_date, records)},
        files=[
            (paths.CAMPAIGN_PAGE, ""),
            (paths.MODELS_PAGE, ""),
            (paths.POPULATION_REPORT, ""),
            (paths.FEATURES_REPORT, ""),
            *((file, f"exports/{file.parent.name}") for file in manifests),
        ],
        datasets=_datasets(hashes),
    )
    return ResultRecord(key, f"{source} {as_of_date} {key[:8]}", notes, records)


def read_wave_metrics() -> dict[str, float]:
    """Return contacts, exclusions by reason, cost, expected take-ups and claimed profit of the wave."""
    report = read_document(paths.FUNNEL, FunnelReport)
    fell = {step.step: step.fell for step in report.funnel}
    return {
        "wave.customers": float(report.customers),
        "wave.contacted": float(report.offers.sent),
        "wave.contact_cost_cents": float(report.offers.contact_cost_cents),
        **flatten(report.claim.model_dump(), "wave.claim."),
        **flatten_counts(fell, "wave.excluded"),
        **flatten(report.offers.by_channel, "wave.contacted_by."),
    }


def _describe(source: str, as_of_date: str, records: list[ModelRecord]) -> str:
    """Return the run's description: the data, the day, and what was decided on each model."""
    decided = "\n".join(
        f"- **{one.name}**: {one.notes.tags['mlflow.note.content']}" for one in records
    )
    return (
        f"Data of `{source}` as known before {as_of_date}. The figures of each model and its tuning "
        f"trials are in the runs below; `wave.*` is what was decided with them.\n\n{decided}"
    )


def read_model_record(
    model: str, source: str, hashes: Mapping[str, str], tags: Mapping[str, str]
) -> ModelRecord:
    """Return the child run of one model."""
    tuning = paths.TUNING / model
    challenger = read_document(paths.MODELS / model / "model.json", SavedModelFile)
    verdict = read_document(paths.VERDICTS / f"{model}.json", PromotionVerdict)
    notes = Notes(
        params=model_params(challenger),
        metrics=model_metrics(
            read_document(paths.METRICS / f"{model}.json", HeadlineMetrics),
            read_document(tuning / "importance.json", TuningImportance),
            challenger,
        ),
        curves={"tuning_best_log_loss": read_history(tuning / "history.csv")},
        tags={**tags, **model_tags(verdict, challenger)},
        files=_files(model),
        texts=plan_plots(model),
        datasets=_datasets(hashes),
    )
    return ModelRecord(
        model,
        notes,
        record_trials(read_document(tuning / "trials.json", TuningTrials)),
        challenger=record_model(challenger, paths.MODELS / model),
        champion=_read_saved(paths.champion(source, model)),
    )


def read_history(path: Path) -> list[float]:
    """Return the best validation log loss known after each trial, from the first complete one on."""
    best = pd.read_csv(path)["best"]
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


def _files(model: str) -> list[tuple[Path, str]]:
    """Return the files that are kept with a model, each with its artifact folder."""
    return [
        (paths.VERDICTS / f"{model}.json", ""),
        (paths.MODEL_CARDS / f"{model}.md", ""),
        (paths.TUNING / model / "importance.json", "tuning"),
        (paths.TUNING / model / "history.csv", "tuning"),
        (paths.EVALUATION_REPORTS / f"{model}.json", "evaluation"),
        *((file, "plots") for file in sorted((paths.PLOTS / model).glob("*.csv"))),
    ]


def _read_saved(folder: Path) -> SavedModel:
    return record_model(read_document(folder / "model.json", SavedModelFile), folder)


def _datasets(hashes: Mapping[str, str]) -> list[DatasetRecord]:
    """Return what went into the models, by the hashes that DVC keeps them under."""
    contexts = {paths.POPULATION: "labels", paths.FEATURES: "features"}
    return [
        DatasetRecord(path.name, str(path), hashes[str(path)], context)
        for path, context in contexts.items()
    ]

"""What is recorded of one model, from the documents that other stages handed over."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.foundation.contracts.hand_overs.headline_metrics import HeadlineMetrics
from pipeline.foundation.contracts.hand_overs.promotion_verdict import (
    GateOverride,
    PromotionVerdict,
)
from pipeline.foundation.contracts.hand_overs.saved_model import SavedColumn, SavedModelFile
from pipeline.foundation.contracts.hand_overs.tuning import TuningImportance, TuningTrials
from pipeline.tracking.dotted_names import flatten, to_texts
from pipeline.tracking.records import RecordedTrial, SavedModel

_LOSSES = "calibration_log_losses"


def record_trials(tuning: TuningTrials) -> list[RecordedTrial]:
    """Return the trials of a study."""
    return [
        RecordedTrial(
            number=trial.number,
            params=to_texts(trial.params),
            metrics=flatten({"validation_log_loss": trial.value, "trees": trial.trees}),
            state=trial.state,
        )
        for trial in tuning.trials
    ]


def record_model(saved: SavedModelFile, folder: Path) -> SavedModel:
    """Return what a caller of a saved model must know: its columns, and which of them are texts."""
    columns = read_columns(saved)
    return SavedModel(
        folder,
        saved.version,
        saved.kind,
        frozenset(column.name for column in columns if column.type == "text"),
        tuple(column.name for column in columns),
        {column.name: _example_of(column) for column in columns},
    )


def read_columns(saved: SavedModelFile) -> tuple[SavedColumn, ...]:
    """Return every column that a saved model reads, in its order, whatever its kind."""
    if saved.features is not None:
        return saved.features
    if saved.columns is not None:
        return saved.columns
    return (SavedColumn(name=saved.column or "", type="text"),)


def _example_of(column: SavedColumn) -> str | float:
    """Return a value that the column may have; it is nobody's."""
    if column.type == "text":
        return column.vocabulary[0] if column.vocabulary else "text"
    return 1.0


def model_params(saved: SavedModelFile) -> dict[str, str]:
    """Return the parameters of the object that built the model."""
    made_from = {
        name: value for name, value in saved.made_from.items() if name not in ("tuned", _LOSSES)
    }
    about = {"kind": saved.kind, "trees": saved.trees, "base_rate": saved.base_rate}
    features = saved.features if saved.features is not None else saved.columns
    return {
        **to_texts(saved.params or {}),
        **to_texts(made_from, "made_from."),
        **to_texts({name: value for name, value in about.items() if value is not None}),
        "features": str(1 if features is None else len(features)),
    }


def model_metrics(
    metrics: HeadlineMetrics, importance: TuningImportance, saved: SavedModelFile
) -> dict[str, float]:
    """Return the headline figures, what each hyperparameter mattered, and the calibrators' losses."""
    return {
        **flatten(metrics.root),
        **flatten(importance.root, "tuning_importance."),
        **flatten({_LOSSES: saved.made_from.get(_LOSSES) or {}}),
    }


def model_tags(verdict: PromotionVerdict, challenger: SavedModelFile) -> dict[str, str]:
    """Return what was decided on the challenger, and by whom where somebody overrode the gate."""
    return {
        "decision": verdict.decision,
        "scored_by": verdict.scored_by,
        "challenger_version": challenger.version,
        "champion_version": verdict.champion.version,
        "grade": verdict.grade.letter,
        **_override_tags(verdict.override),
        "mlflow.note.content": verdict.in_words,
    }


def result_metrics(by_model: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return the figures of all models, each named by its model first."""
    return {
        f"{model}.{name}": value
        for model, metrics in by_model.items()
        for name, value in metrics.items()
    }


def _override_tags(override: GateOverride | None) -> dict[str, str]:
    if override is None:
        return {}
    return {"override_by": override.name, "override_reason": override.reason}

"""What is recorded of a result, in plain values; nothing of any customer is among them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class TrialRecord:
    """One trial of a study."""

    number: int
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    state: str


@dataclass(frozen=True)
class DatasetRecord:
    """Data that went in, by name and hash."""

    name: str
    path: str
    digest: str
    context: str


@dataclass(frozen=True)
class SavedModel:
    """A model folder as the models room wrote it."""

    folder: Path
    version: str
    kind: str
    text_columns: frozenset[str]
    columns: tuple[str, ...]
    """Every column it reads, in its order."""


@dataclass(frozen=True)
class Notes:
    """What a run shows: parameters, figures, labels, files."""

    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    curves: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Figures that have a course: their values from step 0 on."""
    files: Sequence[tuple[Path, str]] = ()
    """(file, artifact folder)"""
    texts: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    """Artifact path -> content, made when it is written."""
    datasets: Sequence[DatasetRecord] = ()


@dataclass(frozen=True)
class ModelRecord:
    """The child run of one model."""

    name: str
    notes: Notes
    trials: Sequence[TrialRecord]
    challenger: SavedModel
    """The one just trained."""
    champion: SavedModel
    """The one that scores; it may be an earlier one, or a baseline."""


@dataclass(frozen=True)
class ResultRecord:
    """The parent run of one distinct result."""

    key: str
    name: str
    notes: Notes
    models: Sequence[ModelRecord]


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Return every number of nested JSON by its dotted path; texts, lists and nulls are left out."""
    numbers: dict[str, float] = {}
    for name, value in values.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            numbers |= flatten(value, f"{path}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            numbers[path] = float(value)
    return numbers


def to_texts(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return every single value of nested JSON as text by its dotted path; lists are left out."""
    texts: dict[str, str] = {}
    for name, value in values.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            texts |= to_texts(value, f"{path}.")
        elif not isinstance(value, list):
            texts[path] = str(value)
    return texts


def read_trials(trials: Sequence[Mapping[str, Any]]) -> list[TrialRecord]:
    """Return the trials of `data/tuning/<model>/trials.json`."""
    return [
        TrialRecord(
            number=trial["number"],
            params=to_texts(trial["params"]),
            metrics=flatten({"validation_log_loss": trial["value"], "trees": trial["trees"]}),
            state=trial["state"],
        )
        for trial in trials
    ]


def read_model(saved: Mapping[str, Any], folder: Path) -> SavedModel:
    """Return what `model.json` says that a caller of the model must know."""
    if "features" in saved:
        features = [(item["name"], item["type"] == "text") for item in saved["features"]]
    elif "columns" in saved:
        features = [(item["name"], False) for item in saved["columns"]]
    else:
        features = [(saved["column"], True)]
    return SavedModel(
        folder,
        saved["version"],
        saved["kind"],
        frozenset(name for name, is_text in features if is_text),
        tuple(name for name, _ in features),
    )


def model_params(saved: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of the object that built the model."""
    made_from = saved["made_from"]
    return {
        **to_texts(saved.get("params", {})),
        **to_texts({name: made_from[name] for name in made_from if name != "tuned"}, "made_from."),
        **to_texts({name: saved[name] for name in ("kind", "trees", "base_rate") if name in saved}),
        "features": str(len(saved.get("features", saved.get("columns", ["one"])))),
    }

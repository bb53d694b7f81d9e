"""What is recorded of a result, in plain values; nothing of any customer is among them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SHIFT_COLUMN = "category_shift"
"""What a served model may be told beside its features: the row's category's level today."""


@dataclass(frozen=True)
class RecordedTrial:
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
    example: Mapping[str, str | float] = field(default_factory=dict)
    """A row that it may be asked about; made up."""


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
    trials: Sequence[RecordedTrial]
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

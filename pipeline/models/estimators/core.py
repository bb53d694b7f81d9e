"""What every way of ranking rows has in common, be it trees, a rule or a table of rates."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from pipeline.statistics.arrays import Floats


class Core(Protocol):
    """Orders rows; how probable they are is the calibrator's business."""

    @property
    def kind(self) -> str:
        """Return the name under which `scorers` knows how to read it."""

    def raw(self, features: pd.DataFrame) -> Floats:
        """Return a score on the log-odds scale for each row, higher is likelier."""

    def to_json(self) -> dict[str, Any]:
        """Return what `model.json` says of it."""

    def to_files(self) -> Mapping[str, str]:
        """Return further files by name, as text."""


@runtime_checkable
class Explains(Protocol):
    """A core that says what each feature added to a score."""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Return the features, in the order of their contributions."""

    def contributions(self, features: pd.DataFrame) -> Floats:
        """Return rows × features, in log-odds; with a constant they add up to the score."""


def columns_read(core: Core) -> frozenset[str]:
    """Return the features that a core looks at, as `model.json` names them."""
    saved = core.to_json()
    named = saved.get("features", saved.get("columns", [{"name": saved.get("column", "")}]))
    return frozenset(str(one["name"]) for one in named)


def texts_read(core: Core) -> dict[str, tuple[str, ...]]:
    """Return the text features that a core looks at, each with the vocabulary that it learnt."""
    named = core.to_json().get("features", [])
    return {
        str(one["name"]): tuple(one["vocabulary"]) for one in named if one.get("type") == "text"
    }

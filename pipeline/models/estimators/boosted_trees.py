"""Trees with the encoder that feeds them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd

from pipeline.models.estimators.boosting import (
    Booster,
    BoostingParams,
    LabelledRows,
    Objective,
    bin_rows,
    fit_trees,
    fit_until_worse,
    grow_until_worse,
)
from pipeline.models.estimators.encoding import Encoder, fit_encoder
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats, row_blocks

BOOSTER_FILE = "booster.txt"
MORE_TREES = 3
PATIENCE = 40
ENCODED_ROWS = 32_768


class TunedTrees(Protocol):
    """What a search found."""

    @property
    def params(self) -> BoostingParams:
        """Return the parameters."""

    @property
    def trees(self) -> int:
        """Return the number of trees on the rows of the search."""


@dataclass(frozen=True)
class BoostedTrees:
    """Ranks by boosted trees and says why."""

    encoder: Encoder
    booster: Booster
    params: BoostingParams

    @property
    def kind(self) -> str:
        """Return the name under which `scorers` reads it."""
        return "boosted_trees"

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Return the features, in the order of their contributions."""
        return tuple(column.name for column in self.encoder.columns)

    def strongest(self, count: int) -> tuple[str, ...]:
        """Return the features that the trees gained most from, the greatest first."""
        gained = sorted(zip(-self.booster.gains(), self.feature_names, strict=True))
        return tuple(name for _, name in gained[:count])

    def first(self, trees: int) -> "BoostedTrees":
        """Return the first trees of all."""
        return replace(self, booster=self.booster.first(trees))

    def raw(self, features: pd.DataFrame) -> Floats:
        """Return the log-odds of each row; no more than a part of the rows is encoded at once."""
        parts = [
            self.booster.raw(self.encoder.encode(features.iloc[rows]))
            for rows in row_blocks(len(features), ENCODED_ROWS)
        ]
        return np.concatenate(parts) if parts else np.zeros(0)

    def contributions(self, features: pd.DataFrame) -> Floats:
        """Return rows × features, in log-odds."""
        return self.booster.contributions(self.encoder.encode(features))

    def to_json(self) -> dict[str, Any]:
        """Return what `model.json` says of it."""
        return {
            "params": asdict(self.params),
            "trees": self.booster.trees,
            "features": self.encoder.to_json(),
        }

    def to_files(self) -> Mapping[str, str]:
        """Return the trees as text."""
        return {BOOSTER_FILE: self.booster.text}

    @classmethod
    def from_saved(cls, saved: Mapping[str, Any], files: Mapping[str, str]) -> "BoostedTrees":
        """Return the trees that were saved."""
        return cls(
            Encoder.from_json(saved["features"]),
            Booster(files[BOOSTER_FILE]),
            BoostingParams(**saved["params"]),
        )


def fit_boosted_trees(
    train: Examples, params: BoostingParams, trees: int, seed: int, threads: int
) -> BoostedTrees:
    """Fit a known number of trees; no row decides when to stop."""
    encoder = fit_encoder(train.features)
    binned = bin_rows(_encode(encoder, train), None, seed, threads)
    return BoostedTrees(encoder, fit_trees(binned, params, trees).booster, params)


def grow_watched(
    train: Examples, watched: Examples, tuned: TunedTrees, seed: int, threads: int
) -> tuple[BoostedTrees, Floats]:
    """Fit beyond what the watched rows like best, with the log loss on them after each tree.

    More rows than the search saw bear more trees than it found.
    """
    encoder = fit_encoder(train.features)
    rows, held_out = _encode(encoder, train), _encode(encoder, watched)
    binned = bin_rows(rows, held_out, seed, threads)
    grown = grow_until_worse(binned, tuned.params, MORE_TREES * tuned.trees, PATIENCE)
    return BoostedTrees(encoder, grown.booster, tuned.params), grown.losses


def fit_watched(
    train: Examples,
    watched: Examples,
    params: BoostingParams,
    max_trees: int,
    patience: int,
    *,
    seed: int,
    threads: int,
    objective: Objective = "binary",
) -> BoostedTrees:
    """Fit until the watched rows say stop."""
    encoder = fit_encoder(train.features)
    rows, held_out = _encode(encoder, train), _encode(encoder, watched)
    binned = bin_rows(rows, held_out, seed, threads, objective)
    fit = fit_until_worse(binned, params, max_trees, patience)
    return BoostedTrees(encoder, fit.booster, params)


def _encode(encoder: Encoder, examples: Examples) -> LabelledRows:
    labels = examples.labels.astype(float)
    return LabelledRows(encoder.encode(examples.features), labels, examples.weights)

"""Trees and a logistic regression, averaged in log-odds: they err in different places.

Trees find turns and combinations, the regression what adds up over many features. The mean of
their log-odds is a logarithmic opinion pool (Genest and Zidek, 1986).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.models.calibration.curve import fit_curve, log_losses
from pipeline.models.estimators.boosted_trees import BoostedTrees
from pipeline.models.estimators.core import Core
from pipeline.models.estimators.logistic import Logistic
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats, dot, exceeds_standard_error

SHARES = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Of the trees; below half of them it would be the regression that speaks."""


@dataclass(frozen=True)
class Blend:
    """Ranks by the mean of two log-odds and says why by the mean of two reasons."""

    trees: BoostedTrees
    logistic: Logistic
    share: float
    """Of the trees in the mean."""

    @property
    def kind(self) -> str:
        """Return the name under which `scorers` reads it."""
        return "blend"

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Return the features, in the order of their contributions."""
        return self.trees.feature_names

    def raw(self, features: pd.DataFrame) -> Floats:
        """Return the mean log-odds of each row."""
        return self.raw_given(self.logistic.raw(features), features)

    def raw_given(self, by_logistic: Floats, features: pd.DataFrame) -> Floats:
        """Return the mean log-odds of rows that the regression has scored already."""
        return _mean(self.share, self.trees.raw(features), by_logistic)

    def contributions(self, features: pd.DataFrame) -> Floats:
        """Return rows × features, in log-odds."""
        places = [self.logistic.feature_names.index(name) for name in self.feature_names]
        linear = self.logistic.contributions(features)[:, places]
        return _mean(self.share, self.trees.contributions(features), linear)

    def to_json(self) -> dict[str, Any]:
        """Return what `model.json` says of it: the trees, and what they are blended with."""
        blended = {"share_of_trees": self.share, "logistic": self.logistic.to_json()}
        return self.trees.to_json() | {"blend": blended}

    def to_files(self) -> Mapping[str, str]:
        """Return the trees as text."""
        return self.trees.to_files()

    @classmethod
    def from_saved(cls, saved: Mapping[str, Any], files: Mapping[str, str]) -> "Blend":
        """Return the blend that was saved."""
        blended = saved["blend"]
        return cls(
            BoostedTrees.from_saved(saved, files),
            Logistic.from_saved(blended["logistic"], files),
            blended["share_of_trees"],
        )


def blend_if_it_pays(
    trees: BoostedTrees, logistic: Core, held_out: Examples
) -> Blend | BoostedTrees:
    """Return the best mean of trees and logistic regression, or the trees alone.

    A mean must gain more than one standard error in log loss, over groups, on rows that neither
    was fitted on. Each is calibrated by a line: a curve costs a dozen times as much and chooses
    the same share; the winner gets one later.
    """
    if not isinstance(logistic, Logistic):
        return trees
    by_trees, by_logistic = trees.raw(held_out.features), logistic.raw(held_out.features)
    alone = _losses(by_trees, held_out)
    tried = {
        share: alone - _losses(_mean(share, by_trees, by_logistic), held_out) for share in SHARES
    }
    best = max(SHARES, key=lambda share: (dot(tried[share], held_out.weights), share))
    if not exceeds_standard_error(tried[best], held_out.weights, held_out.groups):
        return trees
    return Blend(trees, logistic, best)


def trees_of(core: Core) -> BoostedTrees | None:
    """Return the trees of a core, if it has any."""
    if isinstance(core, Blend):
        return core.trees
    return core if isinstance(core, BoostedTrees) else None


def _mean(share: float, left: Floats, right: Floats) -> Floats:
    return share * left + (1 - share) * right


def _losses(scores: Floats, held_out: Examples) -> Floats:
    labels = held_out.labels.astype(np.float64)
    line = fit_curve("platt", scores, labels, held_out.weights)
    return log_losses(labels, line.apply(scores))

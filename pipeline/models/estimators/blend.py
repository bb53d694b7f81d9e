"""Trees and a logistic regression, averaged in log-odds: they err in different places.

Trees find turns and combinations, the regression what adds up over many features. The mean of
their log-odds is a logarithmic opinion pool (Genest and Zidek, 1986).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.models.calibration.curve import fit_curve, log_losses
from pipeline.models.estimators.boosted_trees import BoostedTrees
from pipeline.models.estimators.core import Core
from pipeline.models.estimators.logistic import Logistic
from pipeline.models.examples import Examples, apart
from pipeline.statistics.arrays import Floats, dot, exceeds_standard_error

LOGISTIC_ALONE, EVEN, TREES_ALONE = 0.0, 0.5, 1.0
SHARES = (LOGISTIC_ALONE, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, TREES_ALONE)
"""Of the trees."""


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


@dataclass(frozen=True)
class BlendTrial:
    """What trees and regression said of rows that neither was fitted on."""

    by_trees: Floats
    by_logistic: Floats
    rows: Examples

    def mixed(self, share: float) -> Floats:
        """Return the mean log-odds at a share of the trees."""
        return _mean(share, self.by_trees, self.by_logistic)


def choose_share(trials: Sequence[BlendTrial]) -> float:
    """Return the share of the trees with the least log loss over trials, such as past dates.

    Each trial counts alike. A mean of both must gain more than one standard error over the better
    of the two alone. Each is calibrated by a line: a curve costs a dozen times as much and chooses
    the same share; the winner gets one later.
    """
    losses = {share: [_losses(share, trial) for trial in trials] for share in SHARES}
    weights = [trial.rows.weights / trial.rows.weights.sum() for trial in trials]
    totals = {
        share: sum(dot(loss, weight) for loss, weight in zip(found, weights, strict=True))
        for share, found in losses.items()
    }
    best = min(SHARES, key=lambda share: (totals[share], -share))
    alone = min((LOGISTIC_ALONE, TREES_ALONE), key=lambda share: (totals[share], -share))
    gained = [one - other for one, other in zip(losses[alone], losses[best], strict=True)]
    is_surely_better = exceeds_standard_error(
        np.concatenate(gained), np.concatenate(weights), apart([one.rows for one in trials])
    )
    return best if is_surely_better else alone


def most_even_share(trial: BlendTrial) -> float:
    """Return the share nearest to a half, from the best on, that is not worse for certain.

    Not worse than the best by more than one standard error. For rows that are like those to come:
    two models that are as good as each other err less together. What moves in time is no such
    chance. Never fewer trees than the best share has: parts of the rows understate what trees gain
    from all of them, more than a regression does.
    """
    rows = trial.rows
    losses = {share: _losses(share, trial) for share in SHARES}
    best = min(SHARES, key=lambda share: (dot(losses[share], rows.weights), -share))
    good = [
        share
        for share, loss in losses.items()
        if share >= best
        and not exceeds_standard_error(loss - losses[best], rows.weights, rows.groups)
    ]
    return min(good, key=lambda share: (abs(share - EVEN), -share))


def blend(trees: BoostedTrees, logistic: Logistic, share: float) -> Core:
    """Return trees and regression with a share of the trees; one alone where it has it all."""
    if share == TREES_ALONE:
        return trees
    return logistic if share == LOGISTIC_ALONE else Blend(trees, logistic, share)


def trees_of(core: Core) -> BoostedTrees | None:
    """Return the trees of a core, if it has any."""
    if isinstance(core, Blend):
        return core.trees
    return core if isinstance(core, BoostedTrees) else None


def _mean(share: float, left: Floats, right: Floats) -> Floats:
    return share * left + (1 - share) * right


def _losses(share: float, trial: BlendTrial) -> Floats:
    scores, rows = trial.mixed(share), trial.rows
    labels = rows.labels.astype(np.float64)
    line = fit_curve("platt", scores, labels, rows.weights)
    return log_losses(labels, line.apply(scores))

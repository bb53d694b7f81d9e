"""The door for plain tables: trees and regression that have seen all labelled rows, calibrated.

No rows are left to choose and calibrate on, so models of the same kind are fitted on parts and
asked of the rest. Where the rows have an order in time, the parts are those before a block of the
latest rows, and what they said of the block chooses the share of the trees and fits the curve:
the model lags behind a level that moves just as they did. Without one, parts are groups
("cross-fitting"). The model itself stays untested: its figures are those of the procedure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.models.calibration.curve import Calibrator, calibrate
from pipeline.models.estimators.blend import (
    LOGISTIC_ALONE,
    TREES_ALONE,
    Blend,
    BlendTrial,
    choose_share,
    most_even_share,
)
from pipeline.models.estimators.boosted_trees import BoostedTrees, fit_boosted_trees
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.estimators.core import Core
from pipeline.models.estimators.logistic import Logistic, fit_logistic_regression
from pipeline.models.examples import Examples, apart
from pipeline.models.learnable import LEAST_TO_FIT
from pipeline.models.propensity_model import PropensityModel
from pipeline.statistics.arrays import Floats, Ints

FOLDS = 3
BLOCKS = 8
"""Of about as many rows each, where periods are many."""
JUDGED_BLOCKS = 3
"""The latest; each is one more fit."""


@dataclass(frozen=True)
class _Kind:
    """How trees and regression are fitted."""

    params: BoostingParams
    trees: int
    seed: int
    threads: int

    def fit_trees(self, rows: Examples) -> BoostedTrees:
        return fit_boosted_trees(rows, self.params, self.trees, self.seed, self.threads)

    def fit_logistic(self, rows: Examples) -> Logistic:
        return fit_logistic_regression(rows, self.seed)

    def fit(self, rows: Examples, share: float) -> Core:
        """Fit what has a share in the score, and no more."""
        if share == LOGISTIC_ALONE:
            return self.fit_logistic(rows)
        trees = self.fit_trees(rows)
        return trees if share == TREES_ALONE else Blend(trees, self.fit_logistic(rows), share)


def refit(
    name: str,
    seen: Examples,
    latest: Examples,
    params: BoostingParams,
    trees: int,
    *,
    seed: int,
    threads: int,
    made_from: Mapping[str, Any],
) -> PropensityModel:
    """Fit trees and regression on all rows, in the share that pays, and calibrate them.

    Args:
        name: of the model.
        seen: all labelled rows, the latest among them; negatives may be sampled, with weights.
            Their `periods` say that they have an order in time.
        latest: the rows whose base rate the propensities shall have, where there is no order in
            time. A group has the same code here as in `seen`.
        params: tuned before, without the rows that the procedure is tested on.
        trees: found before, in the same way.
        seed: of the fits.
        threads: of the fits.
        made_from: what `model.json` says of the rows.
    """
    kind = _Kind(params, trees, seed, threads)
    parts = _blocks(seen)
    if parts:
        trials = [_try(kind, seen.take(before), seen.take(block)) for before, block in parts]
        share = choose_share(trials)
    else:
        trial, of_latest = _try_by_group(kind, seen, latest)
        share, trials = most_even_share(trial), [of_latest]
    told = {**made_from, "share_of_trees": share, "blocks_judged": len(parts)}
    rate = round(seen.base_rate, 8)
    return PropensityModel(name, kind.fit(seen, share), _curve(trials, share), rate, told)


def refit_trees(
    name: str,
    seen: Examples,
    latest: Examples,
    params: BoostingParams,
    trees: int,
    *,
    seed: int,
    threads: int,
    made_from: Mapping[str, Any],
) -> PropensityModel:
    """Fit a known number of trees on all rows, alone, and calibrate them on the latest.

    The arguments are those of `refit`.
    """
    kind = _Kind(params, trees, seed, threads)
    scores = cross_fitted(seen, latest, kind.fit_trees)
    curve = calibrate(scores, latest.labels, latest.weights, latest.groups).curve
    return PropensityModel(name, kind.fit_trees(seen), curve, round(seen.base_rate, 8), made_from)


def cross_fitted(seen: Examples, asked: Examples, fit: Callable[[Examples], Core]) -> Floats:
    """Return the log-odds of rows by cores that never saw a row of their group."""
    return _by_group(_fit_folds(seen, fit), asked)


def _fit_folds(seen: Examples, fit: Callable[[Examples], Core]) -> list[Core]:
    """Return a core for each fold of groups, which has not seen it."""
    folds = seen.groups % FOLDS
    return [fit(seen.take(np.flatnonzero(folds != fold))) for fold in range(FOLDS)]


def _by_group(cores: Sequence[Core], asked: Examples) -> Floats:
    scores = np.empty(len(asked))
    for fold, core in enumerate(cores):
        rows = np.flatnonzero(asked.groups % FOLDS == fold)
        scores[rows] = core.raw(asked.features.iloc[rows])
    return scores


def _curve(trials: Sequence[BlendTrial], share: float) -> Calibrator:
    """Fit the curve on what was said of rows by those who had not seen them."""
    return calibrate(
        np.concatenate([trial.mixed(share) for trial in trials]),
        np.concatenate([trial.rows.labels for trial in trials]),
        np.concatenate([trial.rows.weights for trial in trials]),
        apart([trial.rows for trial in trials]),
    ).curve


def _try(kind: _Kind, before: Examples, block: Examples) -> BlendTrial:
    by_trees = kind.fit_trees(before).raw(block.features)
    return BlendTrial(by_trees, kind.fit_logistic(before).raw(block.features), block)


def _try_by_group(kind: _Kind, seen: Examples, latest: Examples) -> tuple[BlendTrial, BlendTrial]:
    """Return what was said of all rows and of the latest, each by fits without its group."""
    trees, logistic = _fit_folds(seen, kind.fit_trees), _fit_folds(seen, kind.fit_logistic)
    of_all, of_latest = (
        BlendTrial(_by_group(trees, rows), _by_group(logistic, rows), rows)
        for rows in (seen, latest)
    )
    return of_all, of_latest


def _blocks(seen: Examples) -> list[tuple[Ints, Ints]]:
    """Return places of the rows before each of the latest blocks, and of the block, newest first.

    A period is never cut. A block with too few outcomes, or too few before it, ends the list.
    """
    if seen.periods is None:
        return []
    edges = np.quantile(seen.periods, np.arange(1, BLOCKS) / BLOCKS, method="higher")
    starts = np.unique(edges[edges > seen.periods.min()])[::-1][:JUDGED_BLOCKS]
    ends = [np.inf, *starts]
    found = (
        (
            np.flatnonzero(seen.periods < start),
            np.flatnonzero((seen.periods >= start) & (seen.periods < end)),
        )
        for start, end in zip(starts, ends, strict=False)
    )
    return list(takewhile(lambda parts: all(_tells(seen.labels[rows]) for rows in parts), found))


def _tells(labels: npt.NDArray[Any]) -> bool:
    positives = int(np.count_nonzero(labels))
    return min(positives, len(labels) - positives) >= LEAST_TO_FIT

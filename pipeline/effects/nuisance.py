"""Nuisance models: outcome without treatment and probability of treatment, cross-fitted.

Each row is predicted by trees that never saw a row of its group (Chernozhukov et al., 2018), so
that what they overfit does not enter the effect. Boosting stops by rows of other groups, which
carries the same learner from a few hundred rows to a few hundred thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from pipeline.models.estimators.boosting import (
    Booster,
    BoostingParams,
    LabelledPlaces,
    Objective,
    SharedBins,
    fit_trees,
    fit_until_worse,
    share_bins,
)
from pipeline.models.estimators.encoding import Encoded, fit_encoder
from pipeline.statistics.arrays import Floats, Ints, sample_rows, sum_by_code
from pipeline.statistics.newton import fit_logistic

Flags = npt.NDArray[np.bool_]
FOLDS = 3
WATCHED = 5
"""One in so many groups of the other folds says when boosting stops."""
MAX_COVARIATES = 40
SCREENED_ROWS = 30_000
SCREENING_TREES = 40
MAX_TREES = 80
PATIENCE = 8
PARAMS = BoostingParams(learning_rate=0.15, num_leaves=8, min_data_in_leaf=20, feature_fraction=0.3)
CELL_DOUBT = 5.0
"""Rows' worth of information (p(1 − p) each) that a cell's own level is held against."""
_NEAR_0 = 1e-5


@dataclass(frozen=True)
class Fitting:
    """How nuisance models are fitted."""

    seed: int = 0
    threads: int = 1


@dataclass(frozen=True)
class Covariates:
    """Covariates of all rows, binned once for all nuisance models: binning takes most of a fit."""

    encoded: Encoded
    bins: SharedBins


@dataclass(frozen=True)
class Task:
    """What one nuisance model is asked: a label for each of some rows, learnt from part of them."""

    places: Ints
    """Of the rows among the covariates, rising; the others are entries for each of these."""
    labels: Floats
    weights: Floats
    groups: Ints
    is_learnt: Flags
    """Rows to learn from; the others are predicted only."""


def encode(features: pd.DataFrame) -> Encoded:
    """Return the covariates as a matrix, once for all nuisance models."""
    return fit_encoder(features).encode(features)


def bin_covariates(encoded: Encoded, fitting: Fitting) -> Covariates:
    """Return covariates as the nuisance models take them."""
    return Covariates(encoded, share_bins(encoded, fitting.seed, fitting.threads))


def screen(every: Encoded, tasks: Sequence[Task], fitting: Fitting) -> Encoded:
    """Return the covariates that tell of any label, at most MAX_COVARIATES a label.

    Double selection (Belloni, Chernozhukov and Hansen, 2014): what predicts the outcome or the
    treatment is a possible confounder. Balance is checked on all covariates, so that one left out
    wrongly shows.

    Args:
        every: all covariates of all rows.
        tasks: the labels, each of all rows.
        fitting: of the trees that look for them.
    """
    if len(every.columns) <= MAX_COVARIATES:
        return every
    rows = sample_rows(np.arange(len(every.matrix)), SCREENED_ROWS, fitting.seed)
    bins = bin_covariates(Encoded(every.matrix[rows], every.columns), fitting).bins
    chosen: set[int] = set()
    for task in tasks:
        places = np.flatnonzero(task.is_learnt[rows])
        labels, weights = task.labels[rows[places]], task.weights[rows[places]]
        if not _differ(labels):
            continue
        objective: Objective = "binary" if set(np.unique(task.labels)) <= {0, 1} else "regression"
        binned = bins.take(LabelledPlaces(places, labels, weights), None, objective)
        gains = fit_trees(binned, PARAMS, SCREENING_TREES).booster.gains()
        order = np.lexsort((np.arange(len(gains)), -gains))[:MAX_COVARIATES]
        chosen |= {int(place) for place in order if gains[place] > 0}
    kept = sorted(chosen)
    return Encoded(every.matrix[:, kept], tuple(every.columns[place] for place in kept))


def predict_probability(
    covariates: Covariates, task: Task, cells: Ints, fitting: Fitting
) -> Floats:
    """Return P(label = 1) of every row by trees that never saw its group.

    The log-odds are recalibrated by a line (Platt), and by a shift for each cell, so that levels
    that differ from cell to cell, such as how many a campaign reached, are met.
    """
    raw = _cross_fit(covariates, task, fitting, "binary")
    known = np.flatnonzero(task.is_learnt)
    line = fit_logistic(
        np.column_stack([np.ones(len(known)), raw[known]]),
        task.labels[known],
        task.weights[known],
        np.array([0.0, 1.0]),
        precision=1.0,
    )
    log_odds = line[0] + line[1] * raw
    log_odds = log_odds + _cell_shifts(log_odds, task, cells)
    return np.asarray(np.clip(expit(log_odds), _NEAR_0, 1 - _NEAR_0), dtype=np.float64)


def predict_mean(covariates: Covariates, task: Task, fitting: Fitting) -> Floats:
    """Return the expected number of every row by trees that never saw its group."""
    return _cross_fit(covariates, task, fitting, "regression")


def _cross_fit(
    covariates: Covariates, task: Task, fitting: Fitting, objective: Objective
) -> Floats:
    fold, is_watched = _draw(task.groups, fitting.seed)
    found = np.empty(len(task.labels))
    for one in range(FOLDS):
        others = task.is_learnt & (fold != one)
        asked = np.flatnonzero(fold == one)
        trees = _fit(covariates, task, others & ~is_watched, others & is_watched, objective)
        found[asked] = (
            _level(task.labels[others], task.weights[others], objective)
            if trees is None
            else trees.raw(_take(covariates.encoded, task.places[asked]))
        )
    return found


def _fit(
    covariates: Covariates, task: Task, learnt: Flags, watched: Flags, objective: Objective
) -> Booster | None:
    """Return trees, or None where the labels do not differ: there is nothing to learn."""
    if not (_differ(task.labels[learnt]) and _differ(task.labels[watched])):
        return None
    binned = covariates.bins.take(_labelled(task, learnt), _labelled(task, watched), objective)
    return fit_until_worse(binned, PARAMS, MAX_TREES, PATIENCE).booster


def _take(encoded: Encoded, rows: Ints) -> Encoded:
    return Encoded(encoded.matrix[rows], encoded.columns)


def _labelled(task: Task, chosen: Flags) -> LabelledPlaces:
    return LabelledPlaces(task.places[chosen], task.labels[chosen], task.weights[chosen])


def _draw(groups: Ints, seed: int) -> tuple[Ints, Flags]:
    """Return each row's fold, and whether it is watched when its fold is learnt from."""
    codes = np.unique(groups, return_inverse=True)[1]
    drawn = np.random.default_rng(seed).permutation(int(codes.max(initial=0)) + 1)[codes]
    return drawn % FOLDS, (drawn // FOLDS) % WATCHED == 0


def _differ(labels: Floats) -> bool:
    return len(labels) > 1 and bool(labels.min() < labels.max())


def _level(labels: Floats, weights: Floats, objective: Objective) -> float:
    mean = float(np.average(labels, weights=weights)) if len(labels) else 0.0
    return mean if objective == "regression" else float(logit(np.clip(mean, _NEAR_0, 1 - _NEAR_0)))


def _cell_shifts(log_odds: Floats, task: Task, cells: Ints) -> Floats:
    """Return the shift of log-odds that makes each cell's sum come true, drawn to 0."""
    codes = np.unique(cells, return_inverse=True)[1]
    own = task.weights * task.is_learnt
    shift = np.zeros(int(codes.max(initial=0)) + 1)
    for _ in range(8):
        rate = expit(log_odds + shift[codes])
        gap = sum_by_code(codes, own * (task.labels - rate)) - CELL_DOUBT * shift
        slope = sum_by_code(codes, own * rate * (1 - rate)) + CELL_DOUBT
        shift = shift + np.clip(gap / slope, -2.0, 2.0)
    return shift[codes]

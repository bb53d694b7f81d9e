"""Fits at every past with the tuned parameters: trees, regression, and what each tree was worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.models.estimators.boosted_trees import BoostedTrees, TunedTrees, grow_watched
from pipeline.models.estimators.logistic import Logistic, fit_logistic_regression
from pipeline.models.examples import sample_negatives
from pipeline.models.pasts.rolling import Past
from pipeline.statistics.arrays import Floats

MAX_PAST_ROWS = 40_000
"""Above this, negatives of a past are sampled and weighted: three pasts cost less than the present."""


@dataclass(frozen=True)
class FitPlan:
    """What every past is fitted with."""

    tuned: TunedTrees
    seed: int
    threads: int


@dataclass(frozen=True)
class PastFit:
    """The trees of one past, as far as they grew, and its regression."""

    past: Past
    trees: BoostedTrees
    losses: Floats
    """Log loss on the held-out rows after each tree."""
    logistic: Logistic


def fit_pasts(pasts: Sequence[Past], plan: FitPlan) -> list[PastFit]:
    """Fit every past, on a sample where its rows are many, and the present on all of its rows."""
    fits: list[PastFit] = []
    for past in pasts:
        rows = past.fitted_on
        if past is not pasts[-1]:
            rows = sample_negatives(rows, MAX_PAST_ROWS, plan.seed)
        trees, losses = grow_watched(rows, past.held_out, plan.tuned, plan.seed, plan.threads)
        start = fits[-1].logistic if fits else None
        logistic = fit_logistic_regression(rows, plan.seed, start)
        fits.append(PastFit(past, trees, losses, logistic))
    return fits


def best_number_of_trees(losses: Sequence[Floats]) -> int:
    """Return the number of trees of least log loss, each past counting alike.

    Trees that a past did not grow would have made it no better: its last loss stands for them.
    """
    longest = max(len(curve) for curve in losses)
    curves = [np.pad(curve, (0, longest - len(curve)), mode="edge") for curve in losses]
    return int(np.argmin(np.mean(curves, axis=0))) + 1

"""Told by the truth: the best that an estimate of effects could do with the same features.

A regression on the true effects themselves, which no data set of outcomes contains: what stays
between it and the oracle is not in the features, and no estimator will find it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.estimators.regression import fit_regression_trees
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats, Ints, sample_rows

PARAMS = BoostingParams(learning_rate=0.08, num_leaves=15, min_data_in_leaf=100)
TREES = 150
FOLDS = 2
MAX_ROWS = 100_000
"""To learn from, of each fold: more of them hardly tell more, for the truth has no noise."""
SEED = 23


@dataclass(frozen=True)
class Known:
    """What an estimator may see of each option, and the truth that it is told."""

    features: pd.DataFrame
    """Numbers, and texts as `category`; the channel and the propensity among them."""
    propensity: Floats
    true_effect: Floats
    groups: Ints
    """Codes of households, which folds keep together."""


def predict_told_by_truth(known: Known, threads: int) -> Floats:
    """Return each option's effect as a cross-fitted regression on the true effects predicts it.

    Learnt is the relative effect, the effect over p(1 − p), with p(1 − p) as weight: in these units
    customers of very different propensity are alike, and the mean of the effect itself is kept.
    """
    variance = known.propensity * (1 - known.propensity)
    drawn = np.random.default_rng(SEED).permutation(int(known.groups.max()) + 1)
    fold = drawn[known.groups] % FOLDS
    effect = np.empty(len(variance))
    for held_out in range(FOLDS):
        learnt = sample_rows(np.flatnonzero(fold != held_out), MAX_ROWS, SEED)
        asked = np.flatnonzero(fold == held_out)
        rows = Examples(
            known.features.iloc[learnt],
            known.true_effect[learnt] / variance[learnt],
            variance[learnt],
            known.groups[learnt],
        )
        trees = fit_regression_trees(rows, PARAMS, TREES, SEED, threads)
        effect[asked] = variance[asked] * trees.expected(known.features.iloc[asked])
    return effect


def average_effect(known: Known, strata: Ints) -> Floats:
    """Return each option's effect by the true relative effect of its stratum, on average.

    Args:
        known: propensities and true effects.
        strata: codes from 0, such as one for all, or one a channel.
    """
    variance = known.propensity * (1 - known.propensity)
    total = np.bincount(strata, known.true_effect)
    share = total / np.bincount(strata, variance)
    effect: Floats = variance * share[strata]
    return effect

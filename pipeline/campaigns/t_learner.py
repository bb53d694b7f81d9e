"""T-learner, cross-fitted: one model of the treated, one of those left alone.

Each row is predicted by models that did not see it. Trees are few and small, since controls are few:
differences between two models are mostly noise (Künzel and others, PNAS 116, 2019: T-learner).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from pipeline.models.estimators.boosting import (
    Booster,
    BoostingParams,
    LabelledRows,
    bin_rows,
    fit_trees,
)
from pipeline.models.estimators.encoding import Encoder, fit_encoder
from pipeline.statistics.arrays import Floats

FOLDS = 5
_TREES = 40
_SMALL = BoostingParams(
    learning_rate=0.05,
    num_leaves=4,
    min_data_in_leaf=50,
    min_sum_hessian_in_leaf=2.0,
    feature_fraction=1.0,
    lambda_l2=10.0,
)


def estimate_effects(
    features: pd.DataFrame,
    responded: npt.NDArray[np.bool_],
    is_treated: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.integer],
    *,
    seed: int,
    threads: int,
) -> Floats:
    """Return how much likelier each row responds with its contact, as estimated without the row.

    Args:
        features: what was known before, numbers or text.
        responded: what happened.
        is_treated: the arm, drawn at random.
        groups: whole numbers from 0; who has the same falls into the same fold.
        seed: of the folds and the trees.
        threads: for the trees.
    """
    encoder = fit_encoder(features)
    folds = np.random.default_rng(seed).integers(FOLDS, size=int(groups.max()) + 1)[groups]
    effects = np.zeros(len(features))
    for fold in range(FOLDS):
        held_out = folds == fold
        rows = encoder.encode(features[held_out])
        predicted = [
            _fit(encoder, features[seen], responded[seen], seed, threads).raw(rows)
            for seen in (~held_out & is_treated, ~held_out & ~is_treated)
        ]
        effects[held_out] = expit(predicted[0]) - expit(predicted[1])
    return effects


def _fit(
    encoder: Encoder,
    features: pd.DataFrame,
    responded: npt.NDArray[np.bool_],
    seed: int,
    threads: int,
) -> Booster:
    rows = encoder.encode(features)
    examples = LabelledRows(rows, responded.astype(np.float64), np.ones(len(features)))
    return fit_trees(bin_rows(examples, None, seed, threads), _SMALL, _TREES).booster

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from pipeline.models.estimators.boosted_trees import BoostedTrees, fit_boosted_trees
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.estimators.refitting import cross_fitted, refit
from pipeline.models.examples import Examples
from tests.models.tables import table

EAGER = BoostingParams(num_leaves=31, min_data_in_leaf=2, min_sum_hessian_in_leaf=0.1)


def rows_of_customers(seed: int = 4) -> Examples:
    """Return noise: whoever scores well has been seen before."""
    found = table(900, seed).examples
    return replace(found, labels=np.random.default_rng(seed).permutation(found.labels))


def fit_eagerly(rows: Examples) -> BoostedTrees:
    return fit_boosted_trees(rows, EAGER, trees=40, seed=1, threads=1)


def test_the_scores_that_the_curve_is_fitted_on_know_nothing_of_their_own_group() -> None:
    rows = rows_of_customers()
    scores = cross_fitted(rows, rows, fit_eagerly)
    changed = np.where(rows.groups % 3 == 0, 1 - rows.labels, rows.labels)
    others = cross_fitted(replace(rows, labels=changed), rows, fit_eagerly)
    is_same = rows.groups % 3 == 0
    np.testing.assert_array_equal(scores[is_same], others[is_same])
    assert (scores[~is_same] != others[~is_same]).any()


def test_a_model_that_has_learnt_noise_by_heart_does_not_believe_itself() -> None:
    rows = rows_of_customers()
    model = refit("noise", rows, rows, EAGER, 40, seed=1, threads=1, made_from={})
    by_heart = expit(model.score(rows.features))
    stated = model.propensity(rows.features)
    assert by_heart.std() > 0.12
    assert stated.std() < 0.05
    assert stated.mean() == pytest.approx(rows.base_rate, rel=0.25)


def test_the_propensities_have_the_base_rate_of_the_latest_rows() -> None:
    rows = table(3000, 4).examples
    is_latest = np.arange(len(rows)) >= 1500
    kept = np.flatnonzero(~is_latest | (rows.labels == 0) | (np.arange(len(rows)) % 2 == 0))
    seen = rows.take(kept)
    latest = rows.take(kept[kept >= 1500])
    small = BoostingParams(num_leaves=4, min_sum_hessian_in_leaf=5.0)
    model = refit("halved", seen, latest, small, 20, seed=1, threads=1, made_from={})
    assert model.propensity(latest.features).mean() == pytest.approx(latest.base_rate, rel=0.1)
    assert latest.base_rate < seen.base_rate

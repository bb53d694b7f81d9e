from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from pipeline.models.calibration.curve import log_losses
from pipeline.models.estimators.blend import trees_of
from pipeline.models.estimators.boosted_trees import BoostedTrees, fit_boosted_trees
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.estimators.refitting import cross_fitted, refit, refit_trees
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import PropensityModel
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
    trees = trees_of(model.core)
    assert trees is not None
    by_heart = expit(trees.raw(rows.features))
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


def drifting(rows: int = 4000, blocks: int = 10) -> Examples:
    """Return numbers that move away in time while what they do stays."""
    random = np.random.default_rng(3)
    time = np.arange(rows) * blocks // rows
    numbers = random.normal(size=(rows, 4)) + 0.35 * time[:, None]
    log_odds = -2 + 0.8 * (numbers - 1) @ np.array([1.0, -1.0, 1.0, -0.8])
    labels = (random.random(rows) < expit(log_odds)).astype(np.float64)
    features = pd.DataFrame(numbers, columns=list("abcd"))
    return Examples(features, labels, np.ones(rows), np.arange(rows), time)


def test_where_rows_have_an_order_in_time_those_before_a_block_are_asked_of_it() -> None:
    rows = drifting()
    seen, later = rows.take(np.arange(3200)), rows.take(np.arange(3200, 4000))
    small = BoostingParams(num_leaves=6, min_sum_hessian_in_leaf=2.0)
    by_time = refit("it", seen, seen, small, 60, seed=1, threads=1, made_from={})
    alone = refit_trees("it", seen, seen, small, 60, seed=1, threads=1, made_from={})
    assert by_time.made_from["blocks_judged"] == 3
    assert by_time.made_from["share_of_trees"] <= 0.3

    def loss(model: PropensityModel) -> float:
        return float(
            log_losses(later.labels.astype(np.float64), model.propensity(later.features)).mean()
        )

    assert loss(by_time) < loss(alone) - 0.02


def test_without_an_order_in_time_groups_are_held_out() -> None:
    rows = replace(drifting(1200), periods=None)
    small = BoostingParams(num_leaves=6)
    model = refit("it", rows, rows, small, 30, seed=1, threads=1, made_from={})
    assert model.made_from["blocks_judged"] == 0


def test_blocks_that_hold_hardly_an_outcome_are_not_judged() -> None:
    rows = drifting(1200, blocks=400)
    few = replace(rows, labels=np.where(np.arange(1200) % 40 == 0, 1.0, 0.0))
    small = BoostingParams(num_leaves=4)
    model = refit("it", few, few, small, 5, seed=1, threads=1, made_from={})
    assert model.made_from["blocks_judged"] == 0

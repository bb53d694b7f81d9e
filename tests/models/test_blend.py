from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from pipeline.models.estimators.blend import Blend, BlendTrial, blend, choose_share, trees_of
from pipeline.models.estimators.boosted_trees import BoostedTrees, fit_boosted_trees
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.estimators.logistic import Logistic, fit_logistic_regression
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import calibrate_core
from pipeline.models.scorers import load_scorer
from tests.models.tables import table

SMALL = BoostingParams(num_leaves=4, learning_rate=0.2)


def rows_of(kind: str, rows: int, seed: int) -> Examples:
    """Return rows whose log-odds add up over many numbers, or turn on the product of two."""
    random = np.random.default_rng(seed)
    numbers = random.normal(size=(rows, 20)).astype("float32")
    sums, product = numbers.sum(axis=1) * 0.35, 2.5 * np.sign(numbers[:, 0] * numbers[:, 1])
    log_odds = -1.5 + {"sum": sums, "product": product, "both": sums + 0.4 * product}[kind]
    labels = (random.random(rows) < expit(log_odds)).astype(np.float64)
    features = pd.DataFrame({f"number__{place}": numbers[:, place] for place in range(20)})
    return Examples(features, labels, np.ones(rows), np.arange(rows))


def fit_both(train: Examples, trees: int = 80) -> tuple[BoostedTrees, Logistic]:
    return fit_boosted_trees(train, SMALL, trees, 1, 1), fit_logistic_regression(train, seed=1)


def trial(trees: BoostedTrees, logistic: Logistic, rows: Examples) -> BlendTrial:
    return BlendTrial(trees.raw(rows.features), logistic.raw(rows.features), rows)


def test_what_adds_up_and_turns_is_told_best_by_both_together() -> None:
    trees, logistic = fit_both(rows_of("both", 4000, 1))
    share = choose_share([trial(trees, logistic, rows_of("both", 4000, 2))])
    blended = blend(trees, logistic, share)
    assert isinstance(blended, Blend)
    later = rows_of("both", 8000, 3)

    def loss(raw: np.ndarray) -> float:
        stated = expit(raw)
        return float(-np.log(np.where(later.labels == 1, stated, 1 - stated)).mean())

    alone = [loss(core.raw(later.features)) for core in (trees, logistic)]
    assert loss(blended.raw(later.features)) < min(alone) - 0.002


def test_where_the_regression_knows_nothing_the_trees_stay_alone() -> None:
    trees, logistic = fit_both(rows_of("product", 6000, 1))
    share = choose_share([trial(trees, logistic, rows_of("product", 6000, 2))])
    assert blend(trees, logistic, share) is trees


def test_where_all_adds_up_the_regression_may_have_it_all() -> None:
    trees, logistic = fit_both(rows_of("sum", 1500, 1), trees=200)
    share = choose_share([trial(trees, logistic, rows_of("sum", 1500, 2))])
    assert blend(trees, logistic, share) is logistic


def test_every_date_has_its_say_in_the_share_however_many_rows_it_has() -> None:
    random = np.random.default_rng(1)
    left, right = random.normal(size=(2, 12_000))
    rows = rows_of("sum", 12_000, 1)

    def date_of(share: float, count: int) -> BlendTrial:
        truth = expit(2 * (share * left + (1 - share) * right))
        labels = (random.random(12_000) < truth).astype(np.float64)
        few = np.arange(count)
        return BlendTrial(left[few], right[few], replace(rows, labels=labels).take(few))

    assert choose_share([date_of(0.9, 12_000)]) >= 0.8
    assert choose_share([date_of(0.1, 12_000)]) <= 0.2
    assert 0.4 <= choose_share([date_of(0.9, 12_000), date_of(0.1, 3000)]) <= 0.6


def test_the_blend_is_the_mean_of_both_log_odds() -> None:
    trees, logistic = fit_both(table(2000, 1).examples, trees=10)
    features = table(50, 2).examples.features
    mean = 0.7 * trees.raw(features) + 0.3 * logistic.raw(features)
    assert Blend(trees, logistic, 0.7).raw(features) == pytest.approx(mean, abs=1e-12)


def test_a_regression_that_has_scored_already_is_not_asked_again() -> None:
    trees, logistic = fit_both(table(2000, 1).examples, trees=10)
    features = table(50, 2).examples.features
    mixed = Blend(trees, logistic, 0.7)
    given = mixed.raw_given(logistic.raw(features), features)
    assert np.array_equal(given, mixed.raw(features))


def test_contributions_and_one_constant_add_up_to_the_score() -> None:
    trees, logistic = fit_both(table(2000, 1).examples, trees=10)
    features = table(200, 2).examples.features
    for core in (logistic, Blend(trees, logistic, 0.6)):
        found = core.contributions(features)
        assert found.shape == (200, len(core.feature_names))
        constant = core.raw(features) - found.sum(axis=1)
        assert constant == pytest.approx(np.full(200, constant[0]), abs=1e-9)


def test_the_contributions_of_both_meet_by_name_not_by_place() -> None:
    train = table(2000, 1).examples
    trees, logistic = fit_both(train, trees=10)
    turned = replace(train, features=train.features[sorted(train.features.columns)])
    other = fit_logistic_regression(turned, seed=1)
    features = table(50, 2).examples.features
    assert Blend(trees, other, 0.5).contributions(features) == pytest.approx(
        Blend(trees, logistic, 0.5).contributions(features), abs=1e-4
    )


def test_a_saved_blend_reads_back_as_the_same_blend(tmp_path: Path) -> None:
    train, held_out = table(2000, 1).examples, table(2000, 2).examples
    trees, logistic = fit_both(train, trees=10)
    mixed = Blend(trees, logistic, 0.8)
    saved = calibrate_core("cross_sell", mixed, train, held_out, {"rows": len(train)})
    saved.save(tmp_path)
    read = load_scorer(tmp_path)
    features = table(300, 3).examples.features
    assert np.array_equal(read.propensity(features), saved.propensity(features))
    assert read.files() == saved.files()
    assert read.core.kind == "blend"


def test_the_trees_of_a_blend_are_found() -> None:
    trees, logistic = fit_both(table(2000, 1).examples, trees=10)
    assert trees_of(Blend(trees, logistic, 0.5)) is trees
    assert trees_of(trees) is trees
    assert trees_of(logistic) is None

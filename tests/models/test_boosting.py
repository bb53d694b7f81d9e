from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from pipeline.foundation.errors import DataError
from pipeline.models.estimators.boosted_trees import BoostedTrees, fit_boosted_trees
from pipeline.models.estimators.boosting import (
    BoostingParams,
    LabelledPlaces,
    LabelledRows,
    Objective,
    bin_rows,
    fit_trees,
    fit_until_worse,
    safe_names,
    share_bins,
)
from pipeline.models.estimators.encoding import Encoded, fit_encoder
from pipeline.models.examples import Examples, sample_negatives
from pipeline.statistics.arrays import Floats, Ints
from tests.models.tables import table

SMALL = BoostingParams(num_leaves=4)


def fit(examples: Examples, threads: int = 1) -> BoostedTrees:
    return fit_boosted_trees(examples, SMALL, trees=20, seed=5, threads=threads)


def labelled(examples: Examples) -> LabelledRows:
    rows = fit_encoder(examples.features).encode(examples.features)
    return LabelledRows(rows, examples.labels.astype(float), examples.weights)


def test_equal_rows_give_an_equal_text() -> None:
    examples = table(600, seed=1).examples
    assert fit(examples).booster.text == fit(examples).booster.text


def test_the_number_of_threads_does_not_change_the_scores() -> None:
    examples = table(600, seed=1).examples
    one, two = fit(examples, threads=1), fit(examples, threads=2)
    assert np.array_equal(one.raw(examples.features), two.raw(examples.features))


def test_trees_read_back_from_text_score_the_same() -> None:
    examples = table(600, seed=1).examples
    trees = fit(examples)
    read = BoostedTrees.from_saved(trees.to_json(), trees.to_files())
    assert np.array_equal(read.raw(examples.features), trees.raw(examples.features))


def test_the_order_of_the_columns_does_not_change_the_scores() -> None:
    examples = table(600, seed=1).examples
    trees = fit(examples)
    turned = examples.features[examples.features.columns[::-1]]
    assert np.array_equal(trees.raw(turned), trees.raw(examples.features))


def test_rows_of_another_encoder_are_refused() -> None:
    examples = table(600, seed=1).examples
    trees = fit(examples)
    rows = trees.encoder.encode(examples.features)
    turned = Encoded(rows.matrix[:, ::-1].copy(), rows.columns[::-1])
    with pytest.raises(DataError, match="the features of the fit, in their order"):
        trees.booster.raw(turned)


def test_contributions_and_the_average_add_up_to_the_score() -> None:
    examples = table(600, seed=1).examples
    trees = fit(examples)
    rest = trees.raw(examples.features) - trees.contributions(examples.features).sum(axis=1)
    assert np.ptp(rest) < 1e-9


def test_sampled_negatives_with_weights_keep_the_mean_rate() -> None:
    examples = table(8000, seed=2).examples
    sampled = sample_negatives(examples, max_rows=3000, seed=1)
    rates = 1 / (1 + np.exp(-fit(sampled).raw(examples.features)))
    assert rates.mean() == pytest.approx(examples.base_rate, rel=0.06)


def test_fitting_stops_when_the_held_out_loss_gets_worse_and_keeps_the_best() -> None:
    binned = bin_rows(labelled(table(600, 1).examples), labelled(table(600, 2).examples), 5, 1)
    seen: list[float] = []
    found = fit_until_worse(
        binned, SMALL, max_trees=300, patience=10, watch=lambda _, value: seen.append(value)
    )
    assert found.trees == int(np.argmin(seen)) + 1
    assert found.booster.trees == found.trees
    assert found.validation_log_loss == pytest.approx(min(seen))
    assert len(seen) == found.trees + 10


def test_probabilities_for_labels_teach_more_than_the_outcomes_drawn_from_them() -> None:
    train, later = table(600, seed=1), table(2000, seed=2)
    asked = fit_encoder(train.examples.features).encode(later.examples.features)

    def error(labels: Floats, objective: Objective) -> float:
        rows = replace(labelled(train.examples), labels=labels)
        trees = fit_trees(bin_rows(rows, None, 5, 1, objective), SMALL, trees=60)
        return float(np.abs(expit(trees.booster.raw(asked)) - later.truth).mean())

    outcomes = train.examples.labels.astype(float)
    assert error(outcomes, "cross_entropy") == pytest.approx(error(outcomes, "binary"), abs=0.005)
    assert error(train.truth, "cross_entropy") < 0.7 * error(outcomes, "binary")


def test_several_fits_share_one_binned_copy() -> None:
    binned = bin_rows(labelled(table(600, 1).examples), labelled(table(600, 2).examples), 5, 1)
    first = fit_until_worse(binned, SMALL, 30, 5)
    fit_until_worse(binned, replace(SMALL, num_leaves=8, cat_smooth=1.0), 30, 5)
    assert fit_until_worse(binned, SMALL, 30, 5).booster.text == first.booster.text


def test_rows_binned_once_serve_fits_on_any_part_of_them_with_any_labels() -> None:
    rows = labelled(table(600, 1).examples)
    bins = share_bins(rows.rows, 5, 1)
    every, first_half = np.arange(600), np.arange(300)

    def fitted(places: Ints, labels: Floats) -> str:
        part = LabelledPlaces(places, labels[places], rows.weights[places])
        return fit_trees(bins.take(part, None, "binary"), SMALL, trees=10).booster.text

    whole = fitted(every, rows.labels)
    assert whole == fit_trees(bin_rows(rows, None, 5, 1), SMALL, trees=10).booster.text
    assert fitted(first_half, 1 - rows.labels) != fitted(first_half, rows.labels)
    assert fitted(every, rows.labels) == whole


def test_names_that_lightgbm_cannot_hold_are_replaced_and_stay_apart() -> None:
    assert safe_names(("mean radius", "a[1]", "a{1}", "b")) == [
        "mean_radius",
        "a_1__1",
        "a_1__2",
        "b",
    ]


def test_gains_are_shares() -> None:
    gains = fit(table(600, seed=1).examples).booster.gains()
    assert gains.sum() == pytest.approx(1)
    assert (gains >= 0).all()

"""Figures to be expected under the truth, against sums by hand and against many drawn outcomes."""

import numpy as np
import pytest

from pipeline.evaluation.metrics import column_of, prepare
from pipeline.evaluation.metrics import measure_metrics as measure_outcomes
from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.studies.expected import measure_expected, rank, replicate_expected

TRUTH = np.array([0.5, 0.2, 0.1])
GROUPS = np.arange(3)


def test_the_expected_log_loss_weighs_both_outcomes_of_each_row() -> None:
    loss, _ = measure_expected(rank(np.array([0.5, 0.5, 0.5]), TRUTH, GROUPS))
    assert loss == pytest.approx(np.log(2))
    loss, _ = measure_expected(rank(np.array([0.25, 0.2, 0.1]), np.array([0.5, 0.0, 0.0]), GROUPS))
    by_hand = -0.5 * np.log(0.25) - 0.5 * np.log(0.75) - np.log(0.8) - np.log(0.9)
    assert loss == pytest.approx(by_hand / 3)


def test_a_row_that_happened_is_sure_of_itself_and_expects_those_above_it() -> None:
    _, precision = measure_expected(rank(np.array([3.0, 2.0, 1.0]), TRUTH, GROUPS))
    by_hand = 0.5 * 1 + 0.2 * (0.5 + 1) / 2 + 0.1 * (0.5 + 0.2 + 1) / 3
    assert precision == pytest.approx(by_hand / 0.8)


def test_a_group_drawn_twice_counts_as_two_and_one_not_drawn_not_at_all() -> None:
    rows = rank(np.array([0.3, 0.2, 0.1]), TRUTH, GROUPS)
    loss, precision = measure_expected(rows, np.array([2.0, 0.0, 1.0]))
    losses = -TRUTH * np.log([0.3, 0.2, 0.1]) - (1 - TRUTH) * np.log([0.7, 0.8, 0.9])
    assert loss == pytest.approx((2 * losses[0] + losses[2]) / 3)
    by_hand = 2 * 0.5 * (1 + 0.5) / 2 + 0.1 * (1 + 1) / 3
    assert precision == pytest.approx(by_hand / 1.1)


@pytest.mark.parametrize("levels", [4, 4000])
def test_expected_figures_are_the_mean_of_those_of_drawn_outcomes(levels: int) -> None:
    random = np.random.default_rng(3)
    predicted = np.round(random.beta(1, 9, 4000) * levels) / levels + 0.001
    truth = np.clip(predicted * random.lognormal(0, 0.5, 4000), 0, 0.9)
    groups = np.arange(4000)
    drawn = [
        measure_outcomes(
            prepare(
                predicted,
                predicted,
                (random.random(4000) < truth).astype(int),
                np.ones(4000),
                groups,
            )
        )[[column_of("log_loss"), column_of("average_precision")]]
        for _ in range(120)
    ]
    expected = np.array(measure_expected(rank(predicted, truth, groups)))
    error = np.std(drawn, axis=0) / np.sqrt(len(drawn))
    assert (np.abs(np.mean(drawn, axis=0) - expected) < 3 * error + 1e-5).all()


def test_scorers_are_measured_on_equal_draws() -> None:
    predicted = {"one": np.array([0.3, 0.2, 0.1]), "same": np.array([0.3, 0.2, 0.1])}
    found = replicate_expected(predicted, TRUTH, np.array([7, 7, 9]), Resampling(20, 1))
    value, drawn = found.difference("one", "same", "log_loss")
    assert value == 0
    assert not drawn.any()
    assert np.isnan(found.point["one"][column_of("auc")])

import numpy as np
import pytest

from pipeline.evaluation.curves import calibration_curve, gain_curve, lift_by_decile
from pipeline.statistics.normal import wilson_interval


def test_a_gain_curve_runs_from_nothing_to_everything() -> None:
    curve = gain_curve(
        np.array([0.9, 0.5, 0.1, 0.05]), np.array([1, 0, 1, 0]), np.ones(4), points=4
    )
    assert curve["share"].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert curve["gain"].tolist() == [0, 0.5, 0.5, 1, 1]


def test_equal_scores_make_a_straight_line() -> None:
    curve = gain_curve(np.full(10, 0.3), np.array([1] * 2 + [0] * 8), np.ones(10), points=10)
    assert curve["gain"].to_numpy() == pytest.approx(curve["share"].to_numpy())


def test_weights_count_as_rows() -> None:
    curve = gain_curve(np.array([0.9, 0.1]), np.array([1, 0]), np.array([1.0, 3.0]), points=4)
    assert curve["gain"].tolist() == [0, 1, 1, 1, 1]


def test_the_lifts_of_the_deciles_average_to_one() -> None:
    random = np.random.default_rng(1)
    scores = random.random(997)
    lifts = lift_by_decile(scores, (random.random(997) < scores) * 1, np.ones(997))
    assert lifts["decile"].tolist() == list(range(1, 11))
    assert lifts["lift"].mean() == pytest.approx(1, abs=1e-5)
    assert lifts["lift"].iloc[0] > lifts["lift"].iloc[9]


def test_bins_of_equal_count_state_and_observe() -> None:
    stated = np.repeat([0.1, 0.5], 100)
    labels = np.r_[np.ones(10), np.zeros(90), np.ones(40), np.zeros(60)]
    curve = calibration_curve(stated, labels, np.ones(200))
    assert curve["rows"].tolist() == [10] * 20
    assert curve["observed"].mean() == pytest.approx(0.25)
    assert (curve["low"] <= curve["observed"]).all()
    assert (curve["observed"] <= curve["high"]).all()


def test_wilson_limits_by_the_book() -> None:
    # Wilson (1927) for 10 of 100 at 95%: 0.0552 to 0.1744.
    low, high = wilson_interval(np.array([0.1]), np.array([100.0]))
    assert (low[0], high[0]) == pytest.approx((0.0552, 0.1744), abs=1e-4)

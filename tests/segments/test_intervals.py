"""Intervals by what came beside predictions of one size."""

import numpy as np
import pytest

from pipeline.segments.intervals import Residuals, coverage


def test_an_interval_holds_its_prediction_and_no_negative_value() -> None:
    residuals = Residuals.learn(np.full(100, 10.0), np.full(100, 12.0), confidence=0.8)
    low, high = residuals.around(np.array([10.0, 0.0]))
    assert low.tolist() == [10, 0]
    assert high.tolist() == [12, 2]


def test_intervals_are_as_wide_as_the_residuals_of_their_group() -> None:
    predicted = np.repeat([1.0, 100.0], 1000)
    spread = np.linspace(-1, 1, 1000)
    observed = predicted + np.concatenate([0 * spread, 50 * spread])
    low, high = Residuals.learn(predicted, observed, confidence=0.8).around(np.array([1.0, 100.0]))
    assert (high - low).tolist() == pytest.approx([0, 80], abs=0.2)


def test_coverage_on_the_other_half_is_about_nominal() -> None:
    random = np.random.default_rng(2)
    predicted = random.uniform(1, 9, 8000)
    observed = predicted * random.exponential(1, 8000)
    inside = coverage(predicted, observed, np.arange(8000) % 2, confidence=0.8)
    assert inside == pytest.approx(0.8, abs=0.025)

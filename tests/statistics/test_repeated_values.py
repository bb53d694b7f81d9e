"""Quantiles of values that are told once."""

import numpy as np
import pytest

from pipeline.statistics.repeated_values import repeated_quantile


def test_a_quantile_lies_between_the_two_nearest_of_all_values() -> None:
    values, times = np.array([1.0, 5.0]), np.array([3, 1])  # 1, 1, 1, 5
    assert repeated_quantile(values, times, 0.5) == 1
    assert repeated_quantile(values, times, 1.0) == 5
    assert repeated_quantile(values, times, 0.9) == pytest.approx(1 + 0.7 * 4)  # 2.7 of 3 steps on


def test_it_is_to_the_bit_the_quantile_of_the_values_in_full() -> None:
    random = np.random.default_rng(6)
    for count in random.integers(1, 60, 300):
        every = random.integers(0, 40, count) * 0.37
        values, times = np.unique(every, return_counts=True)
        for level in (0.2, 0.5, 0.95):
            assert repeated_quantile(values, times, level) == np.quantile(every, level)


def test_nothing_has_no_quantile() -> None:
    assert np.isnan(repeated_quantile(np.zeros(0), np.zeros(0, dtype=np.int64), 0.5))

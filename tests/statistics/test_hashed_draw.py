"""Hashed draws: repeatable, uniform, and another salt draws others."""

import hashlib

import numpy as np
import pandas as pd

from pipeline.statistics.hashed_draw import hashed_uniform

NAMES = pd.Series([f"household {number}" for number in range(20_000)])


def test_a_number_is_the_first_52_bits_of_the_salted_sha256() -> None:
    digest = hashlib.sha256(b"spring|anna").hexdigest()
    expected = int(digest[:13], 16) / 16**13
    assert hashed_uniform(pd.Series(["anna"]), "spring")[0] == expected


def test_the_order_of_the_names_moves_no_number() -> None:
    drawn = hashed_uniform(NAMES, "spring")
    shuffled = hashed_uniform(NAMES.sample(frac=1, random_state=1), "spring")
    pd.testing.assert_series_equal(shuffled.sort_index(), drawn)


def test_numbers_fill_the_unit_interval_evenly() -> None:
    counts = np.histogram(hashed_uniform(NAMES, "spring"), bins=10, range=(0, 1))[0]
    assert abs(counts - 2_000).max() < 5 * np.sqrt(2_000 * 0.9)


def test_another_salt_draws_independently() -> None:
    correlation = np.corrcoef(hashed_uniform(NAMES, "spring"), hashed_uniform(NAMES, "autumn"))
    assert abs(correlation[0, 1]) < 0.03

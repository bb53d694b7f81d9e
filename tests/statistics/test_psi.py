import math

import numpy as np
import pandas as pd
import pytest

from pipeline.statistics.psi import histogram_of, psi_against, psi_between, psi_by_feature


def test_rows_like_the_reference_have_not_drifted() -> None:
    numbers = pd.Series(np.arange(1000.0))
    assert psi_between(numbers, numbers.sample(frac=1, random_state=1)) == 0


def test_the_index_is_the_sum_over_bins_of_the_change_times_its_log_ratio() -> None:
    before = pd.Series([0.0] * 50 + [1.0] * 50)
    now = pd.Series([0.0] * 80 + [1.0] * 20)
    expected = (0.8 - 0.5) * math.log(0.8 / 0.5) + (0.2 - 0.5) * math.log(0.2 / 0.5)
    assert psi_between(before, now) == pytest.approx(expected)


def test_a_column_that_goes_missing_has_drifted() -> None:
    numbers = pd.Series(np.arange(1000.0))
    assert psi_between(numbers, numbers.where(numbers < 500)) > 0.25


def test_a_text_that_the_reference_did_not_have_is_a_bin_of_its_own() -> None:
    before = pd.Series(["tea"] * 100, dtype="category")
    now = pd.Series(["tea"] * 50 + ["tv"] * 50, dtype="category")
    expected = -0.5 * math.log(0.5) + (0.5 - 1e-4) * math.log(0.5 / 1e-4)
    assert psi_between(before, now) == pytest.approx(expected)


def test_texts_that_are_new_share_a_bin_and_are_told_from_missing_ones() -> None:
    before = pd.Series(["tea"] * 100, dtype="category")
    now = pd.Series(["tea"] * 50 + ["tv"] * 20 + ["pc"] * 5 + [None] * 25, dtype="category")
    shares = ((1, 0.5), (1e-4, 0.25), (1e-4, 0.25))  # of tea, of new ones, of missing ones
    expected = sum((after - first) * math.log(after / first) for first, after in shares)
    assert psi_between(before, now) == pytest.approx(expected)


def test_a_row_counts_as_often_as_it_weighs() -> None:
    spread = histogram_of(pd.Series([0.0, 1.0]), np.array([1.0, 3.0]))
    assert psi_against(spread, pd.Series([0.0, 1.0, 1.0, 1.0])) == 0


def test_a_column_that_was_never_there_and_still_is_not_has_not_drifted() -> None:
    nothing = pd.Series([np.nan] * 10)
    assert psi_between(nothing, nothing) == 0


def test_the_column_that_moved_most_comes_first() -> None:
    before = pd.DataFrame({"still": np.arange(100.0), "moved": np.arange(100.0)})
    now = before.assign(moved=before["moved"] + 50)
    assert psi_by_feature(before, now)["feature"].tolist() == ["moved", "still"]

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.effects.balance import balance
from pipeline.effects.nuisance import encode
from tests.effects.tables import compared


def test_differences_are_those_worked_out_by_hand() -> None:
    # x: treated 1, 3 (mean 2, variance 1); untreated 0, 2 (mean 1, variance 1): 1 deviation apart.
    # Overlap weights: untreated count .9 and .1 of theirs, mean .2 · … = (0 · .1 + 2 · .9) / 1 = 1.8.
    rows = replace(
        compared([1, 1, 0, 0], [0.5, 0.5, 0.1, 0.9], [0, 0, 0, 0], [0.1] * 4), rows=np.arange(4)
    )
    found = balance(rows, encode(pd.DataFrame({"x": [1.0, 3.0, 0.0, 2.0]})))
    assert found is not None
    assert found.largest_before == pytest.approx(1.0)
    assert found.largest_after == pytest.approx(0.2)
    assert found.worst == "x"


def test_a_difference_counts_where_it_is_surely_above_a_tenth() -> None:
    # x is 1 deviation apart. Its error is √(1/n + 1/n), 1.96 of them leave
    # 1 − 1.96 · √(2/2) = −.96 of two rows a side, and 1 − 1.96 · √(2/200) = .80 of two hundred.
    for copies, unbalanced in ((1, 0), (100, 1)):
        count = 4 * copies
        rows = replace(
            compared([1, 1, 0, 0] * copies, [0.5] * count, [0] * count, [0.1] * count),
            rows=np.arange(count),
        )
        found = balance(rows, encode(pd.DataFrame({"x": [1.0, 3.0, 0.0, 2.0] * copies})))
        assert found is not None
        assert (found.unbalanced_before, found.unbalanced_after) == (unbalanced, unbalanced)


def test_many_covariates_of_a_small_drawn_table_differ_by_chance_and_count_for_nothing() -> None:
    rng = np.random.default_rng(3)
    count = 400
    treated = rng.permutation([0.0, 1.0] * (count // 2))
    rows = replace(
        compared(list(treated), [0.5] * count, [0] * count, [0.1] * count), rows=np.arange(count)
    )
    noise = pd.DataFrame(rng.normal(size=(count, 150)), columns=[f"x{i}" for i in range(150)])
    found = balance(rows, encode(noise))
    assert found is not None
    assert found.largest_after > 0.2
    assert found.unbalanced_after == 0


def test_a_text_is_compared_by_the_share_of_each_value() -> None:
    rows = compared([1, 1, 0, 0], [0.5] * 4, [0, 0, 0, 0], [0.1] * 4)
    words = pd.DataFrame({"word": pd.Series(["a", "b", "a", "a"], dtype="str")})
    found = balance(rows, encode(words))
    assert found is not None
    assert found.largest_before == pytest.approx(0.5 / np.sqrt(0.25 / 2), abs=1e-4)

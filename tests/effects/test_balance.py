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
    assert (found.unbalanced_before, found.unbalanced_after, found.worst) == (1, 1, "x")


def test_a_text_is_compared_by_the_share_of_each_value() -> None:
    rows = compared([1, 1, 0, 0], [0.5] * 4, [0, 0, 0, 0], [0.1] * 4)
    words = pd.DataFrame({"word": pd.Series(["a", "b", "a", "a"], dtype="str")})
    found = balance(rows, encode(words))
    assert found is not None
    assert found.largest_before == pytest.approx(0.5 / np.sqrt(0.25 / 2), abs=1e-4)

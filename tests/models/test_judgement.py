from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.models.examples import Examples
from pipeline.models.pasts.judgement import judge_past

ROWS = Examples(
    pd.DataFrame({"number": np.zeros(4)}),
    np.array([1.0, 0.0, 0.0, 0.0]),
    np.ones(4),
    np.array([0, 0, 1, 2]),
    np.full(4, 20_000),
)


def test_a_model_is_held_against_the_best_baseline_of_the_date() -> None:
    losses = {
        "it": np.array([0.4, 0.1, 0.1, 0.2]),
        "rule": np.array([0.5, 0.2, 0.2, 0.5]),
        "regression": np.array([0.3, 0.1, 0.2, 0.2]),
    }
    found = judge_past(ROWS, losses, "it")
    assert (found.period, found.rows, found.positives) == (20_000, 4, 1)
    assert found.log_losses == {"it": 0.2, "regression": 0.2, "rule": 0.35}
    assert found.best_baseline == "regression"
    assert found.difference == pytest.approx(0.0)  # +.1 and 0 of the first customer, -.1, 0
    assert found.standard_error == pytest.approx(np.sqrt(0.1**2 + 0.1**2) / 4, abs=1e-8)


def test_rows_that_stand_for_others_count_for_them() -> None:
    rows = replace(ROWS, weights=np.array([1.0, 3.0, 3.0, 3.0]))
    losses = {"it": np.array([0.0, 1.0, 0.0, 0.0]), "rule": np.full(4, 0.5)}
    assert judge_past(rows, losses, "it").difference == pytest.approx(0.3 - 0.5)

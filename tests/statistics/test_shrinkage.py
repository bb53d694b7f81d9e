import numpy as np
import pandas as pd
import pytest

from pipeline.statistics.shrinkage import credibility, shrink_rate, shrink_rate_by_hits


def test_the_worked_example_of_the_docstring_holds() -> None:
    hits, trials = np.array([0.0, 4.0, 60.0]), np.array([0.0, 20.0, 280.0])
    assert shrink_rate(hits, trials, 0.1, 20.0) == pytest.approx([0.1, 0.15, 62 / 300])


def test_each_group_may_have_a_prior_and_a_strength_of_its_own() -> None:
    rates = shrink_rate(
        pd.Series([1.0, 1.0]), pd.Series([2.0, 2.0]), pd.Series([0.5, 0.0]), pd.Series([4.0, 8.0])
    )
    assert rates.tolist() == [0.5, 0.1]


def test_a_strength_in_hits_is_one_in_trials_at_the_prior_rate() -> None:
    """Two hits at a rate of 0.1 are twenty trials."""
    assert shrink_rate_by_hits(4.0, 20.0, 0.1, 2.0) == pytest.approx(0.15)
    assert shrink_rate_by_hits(4.0, 20.0, 0.1, 2.0) == shrink_rate(4.0, 20.0, 0.1, 20.0)


def test_credibility_is_the_weight_that_shrinking_gives_the_own_rate() -> None:
    weights = credibility(np.array([0.0, 3.0, 9.0]), 3.0)
    assert weights.tolist() == [0.0, 0.5, 0.75]
    own, prior = 0.4, 0.1
    mixed = 0.75 * own + 0.25 * prior
    assert shrink_rate(9 * own, 9.0, prior, 3.0) == pytest.approx(mixed)

import numpy as np
import pytest

from pipeline.effects.comparison import Comparisons
from pipeline.effects.doubly_robust import relative_effect
from pipeline.effects.randomised import randomised_rows


def rows_of(
    treated: list[float], outcomes: list[float], age: list[float], baseline: float
) -> Comparisons:
    count = len(treated)
    nothing = np.zeros(count, dtype=np.int64)
    return randomised_rows(
        arm=nothing + 1,
        treated=np.array(treated),
        probability=np.full(count, 0.5),
        baseline=np.full(count, baseline),
        outcomes=np.array(outcomes),
        groups=np.arange(count),
        periods=nothing,
        age_days=np.array(age),
        levels={},
    )


def test_evidence_of_a_year_ago_counts_half() -> None:
    assert rows_of([1, 0], [1, 0], [0, 365], 0.2).weights.tolist() == [1.0, 0.5]


@pytest.mark.parametrize("baseline", [0.05, 0.2, 0.6])
def test_a_wrong_baseline_changes_the_scale_but_never_invents_an_effect(baseline: float) -> None:
    rng = np.random.default_rng(2)
    treated = rng.integers(0, 2, 20_000).astype(float)
    outcomes = (rng.random(20_000) < 0.2).astype(float)
    found = relative_effect(rows_of(list(treated), list(outcomes), [0.0] * 20_000, baseline))
    assert not found.is_significant

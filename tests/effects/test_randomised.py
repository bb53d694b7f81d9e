import numpy as np
import pytest

from pipeline.effects.comparison import Comparisons
from pipeline.effects.doubly_robust import relative_effect
from pipeline.effects.randomised import randomised_rows, truncated_inverse


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


def test_rare_offers_weigh_more_as_far_as_rows_stay_worth_half_their_number() -> None:
    weights = truncated_inverse(np.array([1.0] * 98 + [0.01] * 2))
    assert weights[-1] / weights[0] == pytest.approx((392 + 1400) / 192)  # 9.33
    assert weights.mean() == pytest.approx(1)
    assert weights.sum() ** 2 / (weights**2).sum() == pytest.approx(50)


def test_offers_that_are_not_rare_weigh_by_their_inverse_probability() -> None:
    assert truncated_inverse(np.array([0.5, 0.25])).tolist() == pytest.approx([2 / 3, 4 / 3])
    assert truncated_inverse(np.ones(3)).tolist() == [1, 1, 1]


def test_what_the_policy_does_not_like_counts_in_the_effect_for_all_that_it_is_drawn_for() -> None:
    # Nine in ten offers are liked, with a probability of 0.9, and without effect; one in ten is not,
    # with 0.1 and an effect of 1. As offered the effect is 0.1. The inverse weighs nine times as
    # much, cut off at 6, where rows are worth half their number: 0.1 x 6 / (0.9 + 0.6) = 0.4.
    rng = np.random.default_rng(3)
    count = 40_000
    is_liked = rng.random(count) < 0.9
    treated = (rng.random(count) < 0.5).astype(float)
    chance = np.where(is_liked, 0.1, 0.1 + 0.09 * treated)
    nothing = np.zeros(count, dtype=np.int64)
    rows = randomised_rows(
        arm=nothing + 1,
        treated=treated,
        probability=np.full(count, 0.5),
        baseline=np.full(count, 0.1),
        outcomes=(rng.random(count) < chance).astype(float),
        groups=np.arange(count),
        periods=nothing,
        age_days=np.zeros(count),
        levels={},
        offered=np.where(is_liked, 0.9, 0.1),
    )
    found = relative_effect(rows)
    low, high = found.interval()
    assert low < 0.4 < high
    assert low > 0.1

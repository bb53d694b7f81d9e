import numpy as np
import pytest

from pipeline.effects.comparison import compare_arms
from pipeline.effects.doubly_robust import (
    effect_on_treated,
    naive_relative_effect,
    relative_effect,
)
from pipeline.effects.nuisance import Fitting
from tests.effects.tables import compared, confounded


def test_the_effect_on_the_treated_is_that_worked_out_by_hand() -> None:
    # Y − m0: 3 and 1 of the treated; 2 and −1 of the untreated, of whom e / (1 − e) = 1/3 and 1.
    rows = compared([1, 1, 0, 0], [0.5, 0.5, 0.25, 0.5], [4, 3, 3, 1], [1, 2, 1, 2])
    found = effect_on_treated(rows)
    assert found.value == pytest.approx((3 + 1 - 2 / 3 + 1) / 2)
    # Residuals less the effect of each treated row: 3 − t, 1 − t, −2/3, 1 with t = 13/6, over 2.
    t = 13 / 6
    squares = (3 - t) ** 2 + (1 - t) ** 2 + (2 / 3) ** 2 + 1
    assert found.error == pytest.approx(np.sqrt(squares) / 2)


def test_rows_of_one_group_are_summed_before_they_are_squared() -> None:
    rows = compared([1, 1, 0, 0], [0.5] * 4, [4, 3, 3, 1], [1, 2, 1, 2], groups=[0, 0, 1, 1])
    t = (3 + 1 - 2 + 1) / 2
    assert effect_on_treated(rows).error == pytest.approx(np.hypot(3 + 1 - 2 * t, -2 + 1) / 2)


def test_the_relative_effect_is_that_worked_out_by_hand() -> None:
    # v = .2 · .8 = .16; lean .5, −.5; (.5 · .8 + .5 · .2) / (.5 · .16) = 6.25.
    rows = compared([1, 0], [0.5, 0.5], [1, 0], [0.2, 0.2])
    assert relative_effect(rows).value == pytest.approx((0.5 * 0.8 + 0.5 * 0.2) / (0.5 * 0.16))


def test_it_is_right_where_only_the_probability_of_treatment_is_known() -> None:
    rng = np.random.default_rng(5)
    probability = rng.uniform(0.2, 0.8, 40_000)
    treated = (rng.random(40_000) < probability).astype(float)
    chance = 0.1 + 0.2 * probability + treated * 0.05
    outcomes = (rng.random(40_000) < chance).astype(float)
    rows = compared(list(treated), list(probability), list(outcomes), [0.5] * 40_000)
    assert effect_on_treated(rows).value == pytest.approx(0.05, abs=0.015)


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_intervals_hold_the_truth_about_as_often_as_they_say(share: float) -> None:
    held, off = 0, []
    for seed in range(8):
        rows, _ = confounded(seed, share)
        found = relative_effect(compare_arms(rows, Fitting(seed))[0])
        # Linear in the odds: share · p(1 − p) is the effect but for a factor 1 / (1 + p · share).
        low, high = found.interval()
        held += low <= share * 0.93 <= high
        off.append(found.value - share * 0.93)
    assert held >= 6
    assert abs(np.mean(off)) < 0.15


def test_what_is_confounded_is_further_off_without_adjustment() -> None:
    rows, _ = confounded(3, 0.0)
    found = compare_arms(rows, Fitting(1))[0]
    assert naive_relative_effect(found).value > 0.3
    assert abs(relative_effect(found).value) < 0.3

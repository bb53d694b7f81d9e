import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from pipeline.models.calibration.segment_shift import SegmentShifts, try_shifts
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats


def examples(shifts: dict[str, float], rows: int, seed: int = 1) -> tuple[Examples, Floats]:
    """Return rows whose segments lie so far from what the pool states, and the pool's statement."""
    random = np.random.default_rng(seed)
    names = random.choice(sorted(shifts), rows)
    pooled = expit(random.normal(-2.5, 0.8, rows))
    truth = expit(logit(pooled) + np.array([shifts[name] for name in names]))
    labels = (random.random(rows) < truth).astype(np.float64)
    features = pd.DataFrame({"offer": pd.Categorical(names)})
    return Examples(features, labels, np.ones(rows), np.arange(rows)), np.asarray(pooled)


def test_a_segment_that_outdoes_the_pool_is_moved_up_nearly_as_far() -> None:
    held_out, pooled = examples({"a": 0.7, "b": -0.7, "c": 0.0}, 30_000)
    shifts = try_shifts("offer", held_out, pooled).shifts
    assert shifts is not None
    assert shifts.shifts["a"] == pytest.approx(0.7, abs=0.15)
    assert shifts.shifts["b"] == pytest.approx(-0.7, abs=0.2)
    assert shifts.shifts["c"] == pytest.approx(0.0, abs=0.15)


def test_segments_that_differ_by_chance_stay_with_the_pool() -> None:
    held_out, pooled = examples({"a": 0.0, "b": 0.0, "c": 0.0}, 5000)
    trial = try_shifts("offer", held_out, pooled)
    assert trial.shifts is None
    assert trial.log_losses["pooled"] <= trial.log_losses["shifted"] + 1e-4


def test_a_segment_with_few_rows_is_pulled_towards_the_pool() -> None:
    held_out, pooled = examples({"a": 1.0, "b": -1.0}, 20_000)
    few = np.flatnonzero(held_out.features["offer"] == "a")[:60]
    many = np.flatnonzero(held_out.features["offer"] == "b")
    rows = np.sort(np.concatenate([few, many]))
    shifts = try_shifts("offer", held_out.take(rows), pooled[rows]).shifts
    assert shifts is not None
    observed, stated = held_out.labels[few].mean(), pooled[few].mean()
    raw = logit(observed) - logit(stated)
    assert 0 < shifts.shifts["a"] < raw


def test_a_segment_without_outcomes_is_moved_no_further_than_its_rows_allow() -> None:
    held_out, pooled = examples({"a": 0.8, "b": -0.8, "c": 0.0}, 20_000)
    is_c = (held_out.features["offer"] == "c").to_numpy()
    keep = np.flatnonzero(~is_c | (np.cumsum(is_c) <= 20))
    labels = np.where(is_c, 0.0, held_out.labels)
    silenced = Examples(held_out.features, labels, held_out.weights, held_out.groups).take(keep)
    shifts = try_shifts("offer", silenced, pooled[keep]).shifts
    assert shifts is not None
    assert -1.5 < shifts.shifts["c"] < 0


def test_shifts_move_log_odds_and_leave_an_unseen_segment_alone() -> None:
    shifts = SegmentShifts("offer", {"a": 1.0})
    features = pd.DataFrame({"offer": pd.Categorical(["a", "new", None])})
    moved = shifts.apply(np.array([0.2, 0.2, 0.2]), features)
    assert logit(moved) - logit(0.2) == pytest.approx([1.0, 0.0, 0.0], abs=1e-9)


def test_saved_shifts_read_back_and_none_stays_none() -> None:
    shifts = SegmentShifts("offer", {"a": 1.0})
    assert SegmentShifts.from_json(shifts.to_json()) == shifts
    assert SegmentShifts.from_json(None) is None


def month(shifts: dict[str, float], seed: int) -> tuple[Examples, Floats]:
    return examples(shifts, 60_000, seed)


LASTING = {"a": 0.6, "b": -0.6, "c": 0.3, "d": -0.3, "e": 0.0}


def test_shifts_that_the_month_before_showed_too_are_kept_whole() -> None:
    held_out, pooled = month(LASTING, 1)
    trial = try_shifts("offer", held_out, pooled, month(LASTING, 2))
    assert trial.carried_over > 0.95
    assert trial.shifts is not None
    assert trial.shifts.shifts["a"] == pytest.approx(0.6, abs=0.12)


def test_shifts_that_the_month_before_contradicts_are_not_taken_up() -> None:
    held_out, pooled = month(LASTING, 1)
    contrary = {name: -shift for name, shift in LASTING.items()}
    trial = try_shifts("offer", held_out, pooled, month(contrary, 2))
    assert trial.carried_over == 0
    assert trial.shifts is None


def test_of_shifts_that_agree_by_half_about_half_is_kept() -> None:
    # Correlation of (.6, -.6, .3, -.3, 0) and (.6, 0, -.3, -.3, 0) about their means:
    # (.36 - .09 + .09) / sqrt(.9 * .54) = .52
    held_out, pooled = month(LASTING, 1)
    other = {"a": 0.6, "b": 0.0, "c": -0.3, "d": -0.3, "e": 0.0}
    whole = try_shifts("offer", held_out, pooled)
    trial = try_shifts("offer", held_out, pooled, month(other, 2))
    assert trial.carried_over == pytest.approx(0.52, abs=0.1)
    assert trial.shifts is not None
    assert whole.shifts is not None
    ratio = trial.shifts.shifts["a"] / whole.shifts.shifts["a"]
    assert ratio == pytest.approx(trial.carried_over, rel=1e-4)


def test_three_segments_are_too_few_to_tell_what_lasts() -> None:
    held_out, pooled = month({"a": 0.6, "b": -0.6, "c": 0.0}, 1)
    before = month({"a": -0.6, "b": 0.6, "c": 0.0}, 2)
    assert try_shifts("offer", held_out, pooled, before).carried_over == 1


def test_rows_without_a_segment_keep_the_propensity_of_the_pool() -> None:
    held_out, pooled = examples({"a": 0.7, "b": -0.7}, 20_000)
    some = held_out.features["offer"].where(np.arange(20_000) % 10 > 0)
    gappy = Examples(
        pd.DataFrame({"offer": some}), held_out.labels, held_out.weights, held_out.groups
    )
    shifts = try_shifts("offer", gappy, pooled).shifts
    assert shifts is not None
    assert shifts.apply(pooled, gappy.features)[::10] == pytest.approx(pooled[::10])

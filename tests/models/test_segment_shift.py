import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from pipeline.models.examples import Examples, Floats
from pipeline.models.segment_shift import SegmentShifts, try_shifts


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

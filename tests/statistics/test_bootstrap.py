import time

import numpy as np
import pytest

from pipeline.evaluation.metrics import Prepared, prepare
from pipeline.evaluation.replicates import replicate
from pipeline.statistics.arrays import Floats
from pipeline.statistics.bootstrap import basic_interval_of, draw_groups, interval_of


def prepared(
    rates: Floats, labels: Floats, groups: "np.ndarray[tuple[int], np.dtype[np.int64]]"
) -> Prepared:
    return prepare(rates, rates, labels, np.ones(len(rates)), groups)


def sample(rows: int, seed: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    rates = random.beta(1, 9, rows)
    return rates, (random.random(rows) < rates).astype(np.float64)


def test_every_draw_draws_as_many_groups_as_there_are() -> None:
    for draws in draw_groups(50, replicates=5, seed=1):
        assert draws.sum() == 50
        assert len(draws) == 50


def test_limits_are_the_percentiles_of_the_replicates() -> None:
    found = interval_of(50.0, np.arange(101, dtype=np.float64))
    assert (found.value, found.low, found.high) == (50.0, 2.5, 97.5)


def test_a_figure_that_is_undefined_has_no_limits() -> None:
    assert interval_of(float("nan"), np.array([1.0])).value is None
    assert interval_of(1.0, np.array([np.nan])).low is None


def test_a_mean_gap_is_mirrored_and_never_negative() -> None:
    # Replicates from 3 to 5 about a value of 2: the gap itself is about 2 - (4 - 2) = 0.
    found = basic_interval_of(2.0, np.linspace(3, 5, 1001))
    assert (found.low, found.value, found.high) == (0.0, 2.0, 2.0)


def test_limits_hold_the_truth_about_as_often_as_they_say() -> None:
    held = 0
    for seed in range(60):
        rates, labels = sample(400, seed)
        found = replicate({"a": prepared(rates, labels, np.arange(400))}, 100, seed)
        interval = found.interval("a", "base_rate")
        assert interval.low is not None
        assert interval.high is not None
        held += interval.low <= 0.1 <= interval.high
    assert 50 <= held <= 60


def test_rows_of_one_group_widen_the_limits() -> None:
    rates, labels = sample(500, seed=2)
    repeated = (np.repeat(rates, 4), np.repeat(labels, 4))
    apart = replicate({"a": prepared(*repeated, np.arange(2000))}, 100, 1)
    together = replicate({"a": prepared(*repeated, np.repeat(np.arange(500), 4))}, 100, 1)

    def width(low: float | None, high: float | None) -> float:
        return (high or 0) - (low or 0)

    one, four = apart.interval("a", "base_rate"), together.interval("a", "base_rate")
    # Four equal rows in a group tell as much as one: the limits are twice as wide.
    assert width(four.low, four.high) == pytest.approx(2 * width(one.low, one.high), rel=0.25)


def test_a_difference_is_taken_on_equal_draws() -> None:
    rates, labels = sample(1000, seed=3)
    both = replicate({name: prepared(rates, labels, np.arange(1000)) for name in "ab"}, 30, 1)
    difference, drawn = both.difference("a", "b", "auc")
    assert difference == 0
    assert not drawn.any()


def test_the_same_seed_gives_the_same_limits() -> None:
    rates, labels = sample(1000, seed=4)
    rows = {"a": prepared(rates, labels, np.arange(1000))}
    assert replicate(rows, 30, 1).figures("a") == replicate(rows, 30, 1).figures("a")
    assert replicate(rows, 30, 1).figures("a") != replicate(rows, 30, 2).figures("a")


@pytest.mark.slow
def test_a_hundred_draws_of_seven_scorers_on_a_large_table_take_seconds() -> None:
    rates, labels = sample(300_000, seed=5)
    groups = np.arange(300_000) // 6
    random = np.random.default_rng(6)
    rows = {
        str(one): prepared(rates * random.uniform(0.9, 1, 300_000), labels, groups)
        for one in range(7)
    }
    started = time.process_time()
    replicate(rows, 100, 1)
    assert time.process_time() - started < 10

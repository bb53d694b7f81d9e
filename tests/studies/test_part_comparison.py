import numpy as np
import pandas as pd
import pytest

from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.models.examples import Examples
from pipeline.statistics.bootstrap import Interval
from pipeline.studies.backtest import overlap
from pipeline.studies.part_comparison import Predicted, compare_parts, verdict
from tests.models.tables import table

RESAMPLING = Resampling(60, 1)


def rows(seed: int) -> tuple[Examples, "np.ndarray[tuple[int], np.dtype[np.float64]]"]:
    found = table(1200, seed)
    return found.examples, found.truth


def test_the_truth_beats_a_guess_beyond_doubt_and_the_verdict_says_so() -> None:
    examples, truth = rows(1)
    guess = np.full(len(truth), truth.mean())
    predicted = [
        Predicted("truth", "all", truth, examples),
        Predicted("guess", "all", guess, examples),
    ]
    loss = compare_parts(predicted, RESAMPLING).difference("truth", "guess", "all", "log_loss")
    assert loss.high is not None
    assert loss.high < 0
    assert verdict("truth", "guess", loss).startswith("**truth wins** over guess")
    other = Interval(*(-limit for limit in (loss.value or 0, loss.high, loss.low or 0)))
    assert verdict("guess", "truth", other).startswith("**truth wins** over guess")


def test_a_scorer_and_itself_cannot_be_told_apart() -> None:
    examples, truth = rows(1)
    predicted = [Predicted(name, "all", truth, examples) for name in ("one", "other")]
    compared = compare_parts(predicted, RESAMPLING)
    assert compared.difference("one", "other", "all", "auc") == Interval(0.0, 0.0, 0.0)
    assert "Neither wins" in verdict(
        "one", "other", compared.difference("one", "other", "all", "log_loss")
    )


def test_the_mean_over_parts_is_surer_than_one_part() -> None:
    predicted = []
    for seed in (1, 2, 3, 4):
        examples, truth = rows(seed)
        guess = np.full(len(truth), truth.mean())
        predicted += [
            Predicted("truth", str(seed), truth, examples),
            Predicted("guess", str(seed), guess, examples),
        ]
    compared = compare_parts(predicted, RESAMPLING)
    parts = ["1", "2", "3", "4"]
    single = [compared.difference("truth", "guess", part, "auc") for part in parts]
    mean = compared.mean_difference("truth", "guess", parts, "auc")
    assert mean.value == pytest.approx(np.mean([one.value for one in single]), abs=2e-6)
    assert _width(mean) < min(_width(one) for one in single)


def test_what_holds_no_outcome_has_no_figures_and_no_verdict() -> None:
    features = pd.DataFrame({"x": [0.0, 1.0, 2.0]})
    none = Examples(features, np.zeros(3), np.ones(3), np.arange(3))
    compared = compare_parts([Predicted("one", "all", np.full(3, 0.1), none)], RESAMPLING)
    assert compared.row("one", "all")["auc"] is None
    assert "Nothing can be said" in verdict(
        "one", "one", compared.difference("one", "one", "all", "log_loss")
    )


def test_the_overlap_counts_only_pairs_that_were_asked_both_times() -> None:
    before = np.arange(20.0)
    pairs = np.arange(20)
    assert overlap(before, before, pairs, pairs) == 1
    assert overlap(before, -before, pairs, pairs) == 0
    # Of pairs 10 to 19 the best is 19 before; now 30 is asked too and best, but does not count.
    now, asked_now = np.array([5.0, 9.0, 99.0, *range(8)]), np.array([18, 19, 30, *range(10, 18)])
    assert overlap(before, now, pairs, asked_now) == 1


def _width(found: Interval) -> float:
    assert found.high is not None
    assert found.low is not None
    return found.high - found.low

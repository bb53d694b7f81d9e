from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.models.examples import Examples, sample_negatives


def rows_with(labels: list[int]) -> Examples:
    count = len(labels)
    return Examples(
        pd.DataFrame({"number": np.arange(count, dtype="float32")}),
        np.array(labels, dtype=np.float64),
        np.ones(count),
        np.arange(count),
    )


def test_sampling_keeps_every_positive_and_the_weight_of_the_negatives() -> None:
    examples = rows_with([1] * 10 + [0] * 90)
    sampled = sample_negatives(examples, max_rows=40, seed=3)
    assert len(sampled) == 40
    assert sampled.positives == 10
    assert sampled.weights[sampled.labels == 0].sum() == pytest.approx(90)
    assert sampled.weights[sampled.labels == 1].tolist() == [1.0] * 10
    assert sampled.base_rate == pytest.approx(0.10)


def test_rows_that_fit_are_not_sampled() -> None:
    examples = rows_with([1, 0, 0])
    assert sample_negatives(examples, max_rows=3, seed=0) is examples


def test_more_positives_than_fit_keep_as_many_negatives() -> None:
    sampled = sample_negatives(rows_with([1] * 10 + [0] * 90), max_rows=5, seed=3)
    assert (sampled.positives, len(sampled)) == (10, 20)


def test_sampled_rows_keep_their_order() -> None:
    sampled = sample_negatives(rows_with([0, 1] * 50), max_rows=70, seed=1)
    assert sampled.features["number"].is_monotonic_increasing


def test_a_rate_without_an_outcome_is_that_of_half_an_outcome() -> None:
    # Log-odds of never and always are infinite; with 4 rows half an outcome is 1 in 8.
    assert rows_with([0, 0, 0, 0]).prior_rate == 0.125
    assert rows_with([1, 1, 1, 1]).prior_rate == 0.875
    assert rows_with([1, 0, 0, 0]).prior_rate == 0.25


def test_the_latest_rows_are_those_of_the_last_period() -> None:
    rows = replace(rows_with([1, 0, 0, 1]), periods=np.array([3, 1, 3, 2]))
    latest = rows.latest()
    assert latest is not None
    assert latest.features["number"].tolist() == [0, 2]
    assert rows_with([1, 0]).latest() is None

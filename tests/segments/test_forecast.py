"""Estimators of rates, and which one is used."""

import numpy as np
import pandas as pd
import pytest

from pipeline.segments.forecast import (
    SPEND,
    EstimatorComparison,
    LabelledFacts,
    Lesson,
    TreeSettings,
    compare,
    own_mean,
    shrunk_mean,
)

SETTINGS = TreeSettings(seed=1, threads=1)


def seen(spend: list[int], days: list[int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_type": "consumer",
            "known_days": days,
            "spend_cents_365d": spend,
            "spend_cents_30d": spend,
            "observed_days": days,
        }
    )


def outcomes(cents: list[int], days: int) -> pd.DataFrame:
    return pd.DataFrame({"spend_cents_horizon": cents, "horizon_days": days})


def lesson(population: pd.DataFrame) -> Lesson:
    """Return a lesson of whose earlier date a mean learns nothing."""
    return Lesson(LabelledFacts(population, outcomes([0, 0], 10)), population, SETTINGS)


def test_the_own_mean_is_what_was_spent_a_day() -> None:
    facts = seen([100, 300], [10, 10])
    assert own_mean(SPEND, lesson(facts))(facts).tolist() == [10, 30]


def test_the_shrunk_mean_lies_between_own_and_population() -> None:
    facts = seen([0, 1800], [90, 90])  # the population spends 10 a day; the prior is 90 days
    rate = shrunk_mean(SPEND, lesson(facts))
    assert rate(facts).tolist() == [5, 15]
    assert rate(facts[1:]).tolist() == [15]  # the population is not who is asked about


def test_the_estimator_with_the_least_squared_error_is_used() -> None:
    near, far = np.array([1.0, 2.0]), np.array([1.0, 9.0])
    comparison = EstimatorComparison(np.array([1.0, 3.0]), np.ones(2), {"far": far, "near": near})
    assert comparison.winner == "near"
    assert comparison.errors("near")["root_mean_squared_error"] == pytest.approx(np.sqrt(0.5))
    assert comparison.errors("far")["mean_absolute_error"] == 3


def test_trees_learn_what_a_mean_cannot_know() -> None:
    random = np.random.default_rng(1)
    recent = random.integers(0, 2, 2000)
    facts = seen([100] * 2000, [100] * 2000).assign(spend_cents_30d=recent * 100)
    came = outcomes(list(recent * 500), 10)  # only who bought lately buys again
    comparison = compare(SPEND, LabelledFacts(facts, came), LabelledFacts(facts, came), SETTINGS)
    assert comparison.winner == "boosted_trees"
    assert comparison.errors("boosted_trees")["root_mean_squared_error"] < 1
    assert comparison.errors("own_mean")["root_mean_squared_error"] > 20

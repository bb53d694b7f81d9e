"""Forecasts of two rates of each customer: spend a day, and returns a purchase.

Both are rates, a number over an exposure, and three estimators compete for each: the customer's own
past rate, that rate shrunk to the population's, and boosted trees. They are compared out of time on
an earlier date; the one with the lowest mean squared error is used, for an expected value is asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from pipeline.models.estimators.regression import CAREFUL, RegressionTrees, fit_regression_trees
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats
from pipeline.statistics.shrinkage import shrink_rate

TREES = 120
# Only what every date sees alike: a total since the beginning, or over a year, means less on the
# earlier date, whose history is shorter.
FEATURES = (
    "customer_type",
    "known_days",
    "days_since_purchase",
    "days_since_touch",
    "median_gap_days",
    "last_gap_days",
    "contract_count",
)
RECENT = ("_30d", "_120d")


@dataclass(frozen=True)
class Target:
    """A rate: which columns hold its number and exposure, behind a date and ahead of it."""

    name: str
    number: str
    exposure: str
    number_ahead: str
    exposure_ahead: str
    prior: float
    """Exposure of the population that weighs in with each customer's own."""

    def seen(self, facts: pd.DataFrame) -> tuple[Floats, Floats]:
        """Return number and exposure behind the date."""
        return _floats(facts, self.number), _floats(facts, self.exposure)

    def ahead(self, outcomes: pd.DataFrame) -> tuple[Floats, Floats]:
        """Return the rate observed, and its exposure."""
        number = _floats(outcomes, self.number_ahead)
        exposure = _floats(outcomes, self.exposure_ahead)
        return _divide(number, exposure, 0.0), exposure


SPEND = Target(
    "spend", "spend_cents_365d", "observed_days", "spend_cents_horizon", "horizon_days", 90
)
RETURNS = Target(
    "returns",
    "returned_count",
    "acquired_count",
    "returned_count_horizon",
    "acquired_count_horizon",
    20,
)


@dataclass(frozen=True)
class LabelledFacts:
    """What was known of customers at a date, and what was observed after it: one row each."""

    facts: pd.DataFrame
    outcomes: pd.DataFrame


@dataclass(frozen=True)
class TreeSettings:
    """How trees are fitted."""

    seed: int
    threads: int


class Rate(Protocol):
    """A rate that was learnt: it goes to where the customers are."""

    def __call__(self, facts: pd.DataFrame) -> Floats:
        """Return the rate of each customer."""


@dataclass(frozen=True)
class OwnMean:
    """The customer's own rate; the population's where there is no exposure."""

    target: Target
    overall: float

    def __call__(self, facts: pd.DataFrame) -> Floats:
        """Return the rate of each customer."""
        return _divide(*self.target.seen(facts), self.overall)


@dataclass(frozen=True)
class ShrunkMean:
    """The customer's own rate and the population's, weighed by exposure."""

    target: Target
    overall: float

    def __call__(self, facts: pd.DataFrame) -> Floats:
        """Return the rate of each customer."""
        return shrink_rate(*self.target.seen(facts), self.overall, self.target.prior)


@dataclass(frozen=True)
class TreeRate:
    """What trees expect; nothing where there was nothing to learn from."""

    trees: RegressionTrees | None

    def __call__(self, facts: pd.DataFrame) -> Floats:
        """Return the rate of each customer."""
        if self.trees is None:
            return np.zeros(len(facts))
        return np.maximum(self.trees.expected(_features(facts)), 0)


@dataclass(frozen=True)
class Lesson:
    """What an estimator may learn from."""

    earlier: LabelledFacts
    """Of a date whose outcomes are known."""
    population: pd.DataFrame
    """The facts of the date that is forecast from, of those who stand for everybody."""
    settings: TreeSettings


def own_mean(target: Target, lesson: Lesson) -> Rate:
    """Learn the population's rate at the date that is forecast from."""
    return OwnMean(target, _overall(*target.seen(lesson.population)))


def shrunk_mean(target: Target, lesson: Lesson) -> Rate:
    """Learn the population's rate at the date that is forecast from."""
    return ShrunkMean(target, _overall(*target.seen(lesson.population)))


def boosted_trees(target: Target, lesson: Lesson) -> Rate:
    """Return trees that learnt the rate from the facts of an earlier date."""
    rate, exposure = target.ahead(lesson.earlier.outcomes)
    rows = np.flatnonzero(exposure > 0)
    if len(rows) == 0:
        return TreeRate(None)
    features = _features(lesson.earlier.facts)
    weights = exposure / exposure[rows].mean()
    train = Examples(features, rate, weights, np.arange(len(features))).take(rows)
    chosen = lesson.settings
    return TreeRate(fit_regression_trees(train, CAREFUL, TREES, chosen.seed, chosen.threads))


ESTIMATORS: Mapping[str, Callable[[Target, Lesson], Rate]] = {
    "own_mean": own_mean,
    "shrunk_mean": shrunk_mean,
    "boosted_trees": boosted_trees,
}


@dataclass(frozen=True)
class EstimatorComparison:
    """Each estimator's predictions for one test, beside what was observed."""

    observed: Floats
    weights: Floats
    predictions: Mapping[str, Floats]

    def errors(self, name: str) -> dict[str, float]:
        """Return root mean squared and mean absolute error and mean prediction of one."""
        difference = self.predictions[name] - self.observed
        return {
            "root_mean_squared_error": float(np.sqrt(self._mean(difference**2))),
            "mean_absolute_error": float(self._mean(np.abs(difference))),
            "mean_prediction": float(self._mean(self.predictions[name])),
        }

    @property
    def observed_mean(self) -> float:
        """Return the weighted mean of what was observed."""
        return float(self._mean(self.observed))

    @property
    def winner(self) -> str:
        """Return the estimator with the lowest squared error; the simpler one of equals."""
        names = list(self.predictions)
        return min(names, key=lambda name: self.errors(name)["root_mean_squared_error"])

    def _mean(self, values: Floats) -> Floats:
        total = self.weights.sum()
        return np.asarray((values * self.weights).sum() / total if total else np.nan)


def compare(
    target: Target, train: LabelledFacts, test: LabelledFacts, settings: TreeSettings
) -> EstimatorComparison:
    """Let every estimator learn from one date and predict a later one."""
    observed, weights = target.ahead(test.outcomes)
    lesson = Lesson(train, test.facts, settings)
    predictions = {
        name: estimator(target, lesson)(test.facts) for name, estimator in ESTIMATORS.items()
    }
    return EstimatorComparison(observed, weights, predictions)


def _features(facts: pd.DataFrame) -> pd.DataFrame:
    kept = [name for name in facts.columns if name in FEATURES or name.endswith(RECENT)]
    return facts[kept].astype(
        {name: "float64" for name in kept if pd.api.types.is_numeric_dtype(facts[name])}
    )


def _floats(frame: pd.DataFrame, name: str) -> Floats:
    return np.asarray(frame[name], dtype=np.float64)


def _overall(number: Floats, exposure: Floats) -> float:
    return float(number.sum() / exposure.sum()) if exposure.sum() else 0.0


def _divide(number: Floats, exposure: Floats, otherwise: float) -> Floats:
    rate: Floats = np.full(len(number), otherwise)
    return np.divide(number, exposure, out=rate, where=exposure > 0)

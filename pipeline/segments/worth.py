"""Customer value over 12 months and return rate: predicted, with prediction intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.segments.forecast import (
    ESTIMATORS,
    RETURNS,
    SPEND,
    EstimatorComparison,
    LabelledFacts,
    Lesson,
    Rate,
    TreeSettings,
    compare,
)
from pipeline.segments.horizon import YEAR_DAYS, ForecastDates
from pipeline.segments.intervals import Residuals, coverage
from pipeline.segments.season import season, tell_horizon
from pipeline.statistics.arrays import Floats

SHORTEST_OBSERVED_DAYS = 30


@dataclass(frozen=True)
class Worth:
    """What was learnt of value and returns: it goes to where the customers are."""

    spend: Rate
    """Cents a day."""
    returns: Rate
    """Returns a purchase."""
    season: float
    """What the spend of the horizon is multiplied by to be that of a year."""
    residuals: Residuals
    horizon_days: int

    def of(self, facts: pd.DataFrame) -> pd.DataFrame:
        """Return cents in 12 months with their interval, and returns a purchase, of each customer.

        Args:
            facts: `customer_facts` of the scoring date.
        """
        seen = _with_exposure(facts, self.horizon_days)
        expected = self.spend(seen) * YEAR_DAYS * self.season
        low, high = self.residuals.around(expected)
        columns = {
            "value_12m_cents": _cents(expected),
            "value_12m_low_cents": _cents(low),
            "value_12m_high_cents": _cents(high),
            "return_rate": np.minimum(self.returns(seen), 1.0),
        }
        return pd.DataFrame(columns, index=facts.index)


@dataclass(frozen=True)
class TriedWorth:
    """What was learnt of value and returns, and how well it did out of time."""

    worth: Worth
    report: Mapping[str, Any]


def learn_worth(
    facts: Mapping[str, pd.DataFrame],
    horizon: ForecastDates,
    confidence: float,
    settings: TreeSettings,
) -> TriedWorth:
    """Compare on the test date, then let the winner learn from there.

    Args:
        facts: `customer_facts` by date, of the same customers: train, test, now.
        horizon: the three dates.
        confidence: of the interval.
        settings: of the trees.
    """
    seen = {name: _with_exposure(frame, horizon.horizon_days) for name, frame in facts.items()}
    train = LabelledFacts(seen["train"], _observed_outcomes(seen["train"], seen["test"]))
    test = LabelledFacts(seen["test"], _observed_outcomes(seen["test"], seen["now"]))
    spend = compare(SPEND, train, test, settings)
    returns = compare(RETURNS, train, test, settings)
    seasonal = season(facts, horizon)
    # Trees learn from the horizon alone; a mean is of all that was seen, up to a year.
    learns_a_season = spend.winner == "boosted_trees"
    tried = spend.predictions[spend.winner] * YEAR_DAYS
    if learns_a_season:
        tried = tried * seasonal.before
    observed = spend.observed * YEAR_DAYS * seasonal.after
    lesson = Lesson(test, seen["now"], settings)
    found = Worth(
        ESTIMATORS[spend.winner](SPEND, lesson),
        ESTIMATORS[returns.winner](RETURNS, lesson),
        seasonal.after if learns_a_season else 1.0,
        Residuals.learn(tried, observed, confidence),
        horizon.horizon_days,
    )
    inside = coverage(tried, observed, np.arange(len(tried)) % 2, confidence)
    report = _report(horizon, spend, returns, confidence, inside)
    return TriedWorth(found, {**report, "note": tell_horizon(horizon, seasonal)})


def _with_exposure(facts: pd.DataFrame, horizon_days: int) -> pd.DataFrame:
    """Add the days that a spend was spread over: a year at most, a month at least."""
    days = facts["known_days"].clip(SHORTEST_OBSERVED_DAYS, YEAR_DAYS)
    return facts.assign(observed_days=days, horizon_days=horizon_days)


def _observed_outcomes(then: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Return what the later date has behind it, in the order of the earlier one's customers."""
    ahead = [name for name in later.columns if name.endswith("_horizon")]
    observed = later.set_index("customer_id")[ahead].reindex(then["customer_id"]).fillna(0)
    return observed.reset_index(drop=True).assign(horizon_days=then["horizon_days"].to_numpy())


def _cents(values: Floats) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.rint(values).astype(np.int64)


def _report(
    horizon: ForecastDates,
    spend: EstimatorComparison,
    returns: EstimatorComparison,
    confidence: float,
    inside: float,
) -> dict[str, Any]:
    span = {
        "learnt_on": horizon.train.isoformat(),
        "tested_on": horizon.test.isoformat(),
        "horizon_days": horizon.horizon_days,
    }
    return {
        **span,
        "value_12m_cents": {
            **_figures(spend, YEAR_DAYS),
            "interval": {"confidence": confidence, "coverage_on_other_half": round(inside, 4)},
        },
        "return_rate": _figures(returns, 1),
    }


def _figures(comparison: EstimatorComparison, scale: int) -> dict[str, Any]:
    estimators = {
        name: {key: round(value * scale, 5) for key, value in comparison.errors(name).items()}
        for name in comparison.predictions
    }
    return {
        "estimators": estimators,
        "observed_mean": round(comparison.observed_mean * scale, 5),
        "used": comparison.winner,
    }

"""A company of six dates, whose seventh is held out."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from pipeline.models.calibration.rate_forecast import ForecastTrial, RateForecast
from pipeline.models.estimators.baselines import BaselinePlan
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.estimators.logistic import Logistic
from pipeline.models.estimators.rule_ranker import RuleColumn
from pipeline.models.examples import Examples
from pipeline.models.pasts.fits import FitPlan
from pipeline.models.pasts.rolling import rolling_pasts
from pipeline.models.pasts.training import Trained, train_over_pasts
from pipeline.models.tuning.search import TunedParams

SMALL = TunedParams(BoostingParams(num_leaves=4, learning_rate=0.2), 15, 0.3)
RULES = BaselinePlan("category", {"rule": (RuleColumn("number__0"),)}, seed=1)
NO_FORECAST = ForecastTrial(None, {})


def date_of(period: int, rows: int = 800, drift: float = 0.0) -> Examples:
    """Return rows whose numbers move away from date to date while what they do stays."""
    random = np.random.default_rng(period)
    numbers = random.normal(size=(rows, 5)) + drift * period
    codes = random.integers(0, 4, rows)
    log_odds = -1.5 + 0.6 * (numbers - drift * 3) @ np.array([1, -1, 1, -1, 0.5]) + 0.3 * codes
    labels = (random.random(rows) < expit(log_odds)).astype(np.float64)
    features = pd.DataFrame({f"number__{place}": numbers[:, place] for place in range(5)})
    features["category"] = pd.Categorical(np.array(list("abcd"))[codes])
    return Examples(features, labels, np.ones(rows), np.arange(rows), np.full(rows, period))


def rows_of(*dates: Examples) -> Examples:
    return Examples(
        pd.concat([one.features for one in dates], ignore_index=True),
        np.concatenate([one.labels for one in dates]),
        np.concatenate([one.weights for one in dates]),
        np.concatenate([one.groups for one in dates]),
        np.concatenate([one.periods for one in dates if one.periods is not None]),
    )


def trained(
    drift: float = 0.0,
    dates: int = 6,
    levels: Callable[[int], ForecastTrial] = lambda _period: NO_FORECAST,
) -> Trained:
    train = rows_of(*(date_of(period, drift=drift) for period in range(1, dates + 1)))
    return train_over_pasts(
        "it",
        rolling_pasts(train, date_of(dates + 1, drift=drift)),
        FitPlan(SMALL, seed=1, threads=1),
        RULES,
        levels=levels(dates + 2),
        levels_at=levels,
        made_from={"rows": len(train)},
    )


def test_the_model_is_judged_at_each_past_beside_every_baseline() -> None:
    found = trained()
    assert [one.period for one in found.pasts] == [5, 6, 7]
    assert set(found.baselines) == {"base_rate", "rule", "logistic"}
    for one in found.pasts:
        assert set(one.log_losses) == {"it", "base_rate", "rule", "logistic"}
        assert one.rows == 800
        assert one.log_losses["it"] < one.log_losses["base_rate"]
        assert one.difference == pytest.approx(
            one.log_losses["it"] - one.log_losses[one.best_baseline], abs=2e-8
        )


def test_a_table_that_moves_out_of_what_trees_have_seen_is_left_to_the_regression() -> None:
    found = trained(drift=0.8)
    assert isinstance(found.model.core, Logistic)
    assert found.model.made_from["trees"] == 0
    assert found.model.core == found.baselines["logistic"].core
    assert all(one.best_baseline == "logistic" for one in found.pasts)


def test_a_past_is_calibrated_to_the_forecast_that_could_be_made_then() -> None:
    asked: list[int] = []

    def levels(period: int) -> ForecastTrial:
        asked.append(period)
        rates = dict.fromkeys(["a", "b", "c", "d"], 0.3)
        return ForecastTrial(RateForecast(rates, dict.fromkeys(rates, 0.1), 13), {"last": 1.0})

    found = trained(levels=levels)
    assert sorted(asked) == [5, 6, 7, 8]
    assert found.model.follows_levels


def test_with_one_date_of_training_the_held_out_rows_choose_alone() -> None:
    found = trained(dates=1)
    assert found.pasts == ()
    stated = found.model.propensity(date_of(2).features)
    assert stated.mean() == pytest.approx(date_of(2).base_rate, rel=0.15)


def test_no_row_of_the_date_that_is_judged_moves_its_figures_but_its_own() -> None:
    later = date_of(7)
    flipped = replace(later, labels=1 - later.labels)
    train = rows_of(*(date_of(period) for period in range(1, 7)))
    first = rolling_pasts(train, later)[:-1]
    second = rolling_pasts(train, flipped)[:-1]
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one.fitted_on.labels, other.fitted_on.labels)
        assert np.array_equal(one.held_out.labels, other.held_out.labels)

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from pipeline.models.calibration.propensity_interval import (
    PropensityIntervals,
    Z,
    drift_deviations,
    measure_intervals,
)
from pipeline.models.calibration.rate_forecast import RateHistory
from pipeline.models.examples import Examples

PLAIN = PropensityIntervals(
    "category", {"tv": 0.1, "tea": 0.3}, np.array([-5.0, 0.0]), np.zeros(2), -3.0, 0.0, 0.0
)


def of(*names: str | None) -> pd.DataFrame:
    return pd.DataFrame({"category": pd.Categorical([*names], categories=["fax", "tea", "tv"])})


def test_the_level_alone_reaches_as_far_in_log_odds_as_90_in_100_lie() -> None:
    low, high = PLAIN.limits(np.array([0.05, 0.05]), np.array([-3.0, -3.0]), of("tv", "tea"))
    assert logit(high) - logit(0.05) == pytest.approx([Z * 0.1, Z * 0.3])
    assert logit(0.05) - logit(low) == pytest.approx([Z * 0.1, Z * 0.3])


def test_variances_of_level_curve_cell_and_slope_add_up() -> None:
    # 0.3² + 0.2² + 0.01 + 0.04 · (-5 - -3)² = 0.09 + 0.04 + 0.01 + 0.16 = 0.3
    widened = replace(PLAIN, curve=np.array([0.2, 0.2]), cell_variance=0.01, slope_variance=0.04)
    rate = expit(np.array([-5.0]))
    _, high = widened.limits(rate, np.array([-2.0]), of("tea"))
    assert logit(high) + 5 == pytest.approx([Z * np.sqrt(0.3)])


def test_a_category_whose_level_is_not_known_has_no_interval() -> None:
    low, high = PLAIN.limits(np.array([0.1, 0.1]), np.zeros(2), of("fax", None))
    assert np.isnan([*low, *high]).all()


def test_a_propensity_of_zero_or_one_lies_in_its_own_interval() -> None:
    rates = np.array([0.0, 1.0])
    low, high = PLAIN.limits(rates, np.zeros(2), of("tv", "tv"))
    assert (low <= rates).all()
    assert (rates <= high).all()


def company(slope: float, *, rows: int = 60_000, seed: int = 4) -> tuple[np.ndarray, Examples]:
    """Return the propensities of a scorer whose slope should have been another, and the rows."""
    random = np.random.default_rng(seed)
    odds = random.normal(-3.0, 1.0, rows)
    names = random.choice(["tea", "tv"], rows)
    labels = (random.random(rows) < expit(-3.0 + slope * (odds + 3.0))).astype(float)
    features = pd.DataFrame({"category": pd.Categorical(names)})
    return odds, Examples(features, labels, np.ones(rows), np.arange(rows))


def measured(odds: np.ndarray, rows: Examples) -> PropensityIntervals:
    levels = {"tea": 0.1, "tv": 0.1}
    found = measure_intervals(odds, expit(odds), rows, column="category", levels=levels, seed=1)
    assert found is not None
    return found


def test_a_slope_that_did_not_hold_widens_the_ends_and_one_that_did_does_not() -> None:
    assert measured(*company(1.0)).slope_variance <= 0.006
    # Too flat by 0.3, less what the level takes up where most outcomes are.
    assert 0.02 < measured(*company(1.3)).slope_variance < 0.09


def test_the_curve_is_surest_where_most_outcomes_are() -> None:
    found = measured(*company(1.0))
    at = np.interp([-6.0, -2.5], found.scores, found.curve)
    assert at[0] > 1.5 * at[1]


def test_negatives_that_were_sampled_tell_as_much_as_those_they_stand_for() -> None:
    odds, rows = company(1.3)
    kept = np.flatnonzero((rows.labels == 1) | (np.arange(len(rows)) % 4 == 0))
    weights = np.where(rows.labels == 1, 1.0, 4.0)
    sampled = replace(rows, weights=weights).take(kept)
    assert 0.02 < measured(odds[kept], sampled).slope_variance < 0.09


def test_the_interval_holds_the_rate_of_customers_alike_nine_times_in_ten() -> None:
    # The curve is right; a hundred levels are off by what the forecast says of itself.
    found = measured(*company(1.0, rows=200_000))
    off = np.random.default_rng(8).normal(0.0, 0.1, 100)
    said = np.full(100, expit(-2.5))
    low, high = found.limits(said, np.full(100, -2.5), of(*["tea"] * 100))
    truth = expit(-2.5 + off)
    assert 0.85 <= np.mean((low <= truth) & (truth <= high)) <= 0.97


def test_too_few_outcomes_or_no_known_level_say_nothing() -> None:
    odds, rows = company(1.0, rows=300)
    for given, levels in ((rows, {"tea": 0.1}), (company(1.0)[1], None)):
        shown = measure_intervals(
            odds[: len(given)],
            expit(odds[: len(given)]),
            given,
            column="category",
            levels=levels,
            seed=1,
        )
        assert shown is None


def test_levels_that_only_chance_moves_are_as_uncertain_as_their_last_count() -> None:
    rows, outcomes = np.full((1, 4), 10_000.0), np.array([[100.0, 100.0, 100.0, 399.5]])
    history = RateHistory(("tea",), np.arange(4, dtype=np.int64) * 28, rows, outcomes)
    flat = history.between(0, 3)
    found = drift_deviations(flat, 1)
    assert found is not None
    assert found["tea"] == pytest.approx(np.sqrt(1 / 100.5))


def test_levels_that_move_are_uncertain_by_how_far_they_move() -> None:
    # From 99.5 to 399.5: the log rate moves by ln 4 once in three steps; chance takes its part.
    rows, outcomes = np.full((1, 4), 10_000.0), np.array([[99.5, 99.5, 99.5, 399.5]])
    history = RateHistory(("tea",), np.arange(4, dtype=np.int64) * 28, rows, outcomes)
    drift = (np.log(4) ** 2 - (5 / 100 + 1 / 400)) / 3
    found = drift_deviations(history, 1)
    assert found is not None
    assert found["tea"] == pytest.approx(np.sqrt(drift + 1 / 400))


def test_a_past_no_longer_than_the_wait_tells_nothing() -> None:
    history = RateHistory(("tea",), np.array([0]), np.ones((1, 1)), np.ones((1, 1)))
    assert drift_deviations(history, 1) is None

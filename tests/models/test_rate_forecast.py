import numpy as np
import pytest

from pipeline.models.calibration.rate_forecast import RateHistory, try_forecast

PERIOD, COUNT = 28, 36
DAYS = np.arange(COUNT + 1, dtype=np.int64) * PERIOD
NAMES = ("garden", "heating", "pets")
WAVES = np.array([0.7, -0.7, 0.0])


def rates_of(days: np.ndarray) -> np.ndarray:
    """Two seasons against each other and a category without one, at 2% on average."""
    wave: np.ndarray = 0.02 * np.exp(WAVES[:, None] * np.cos(2 * np.pi * days / 365.25))
    return wave


def history(rates: np.ndarray, *, asked: float = 10_000, seed: int = 1) -> RateHistory:
    rows = np.full((len(NAMES), COUNT), asked)
    drawn = np.random.default_rng(seed).poisson(rows * rates[:, :COUNT]).astype(np.float64)
    return RateHistory(NAMES, DAYS[:COUNT], rows, drawn)


def test_a_season_that_the_past_shows_is_forecast() -> None:
    truth = rates_of(DAYS)
    forecast = try_forecast(history(truth), int(DAYS[COUNT])).forecast
    assert forecast is not None
    for place, name in enumerate(NAMES):
        assert forecast.rates[name] == pytest.approx(truth[place, COUNT], rel=0.12)


def test_the_uncertainty_covers_what_comes() -> None:
    truth = rates_of(DAYS)
    inside: list[bool] = []
    for seed in range(4):
        forecast = try_forecast(history(truth, seed=seed), int(DAYS[COUNT])).forecast
        assert forecast is not None
        off = [np.log(forecast.rates[one] / truth[i, COUNT]) for i, one in enumerate(NAMES)]
        allowed = [1.645 * forecast.deviations[one] for one in NAMES]
        inside.extend(bool(one) for one in np.abs(off) < allowed)
    assert np.mean(inside) > 0.8


def test_rates_that_only_chance_moves_stay_near_their_average() -> None:
    flat = np.full((len(NAMES), COUNT + 1), 0.02)  # 40 outcomes a period: chance moves it by 16%
    forecast = try_forecast(history(flat, asked=2_000), int(DAYS[COUNT])).forecast
    assert forecast is not None
    assert list(forecast.rates.values()) == pytest.approx([0.02] * 3, rel=0.12)


def test_a_past_of_another_regime_is_not_looked_back_on() -> None:
    truth = rates_of(DAYS)
    truth[:, :10] *= np.array([12.0, 0.1, 5.0])[:, None]
    forecast = try_forecast(history(truth), int(DAYS[COUNT])).forecast
    assert forecast is not None
    assert forecast.span <= 26
    assert forecast.rates["pets"] == pytest.approx(0.02, rel=0.15)


def test_a_category_that_nobody_was_asked_about_stops_nothing() -> None:
    found = history(rates_of(DAYS))
    rows, outcomes = found.rows.copy(), found.outcomes.copy()
    rows[2, :31], outcomes[2, :31] = 0, 0
    late = RateHistory(NAMES, found.days, rows, outcomes)
    forecast = try_forecast(late, int(DAYS[COUNT])).forecast
    assert forecast is not None
    assert forecast.deviations["pets"] > forecast.deviations["garden"]


def test_a_short_past_forecasts_nothing() -> None:
    found = history(rates_of(DAYS)).between(0, 7)
    trial = try_forecast(found, int(DAYS[7]))
    assert trial.forecast is None
    assert trial.deviances == {}


def test_the_same_past_gives_the_same_forecast() -> None:
    found = history(rates_of(DAYS))
    assert try_forecast(found, int(DAYS[COUNT])) == try_forecast(found, int(DAYS[COUNT]))

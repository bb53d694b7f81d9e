"""A champion as it scores on a day: its levels, and how uncertain each propensity is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.foundation.config import ModelName
from pipeline.foundation.engines import Engine
from pipeline.io.champions import read_champion_dates
from pipeline.io.matrices import MEASURED_CUSTOMERS
from pipeline.io.model_examples import CANDIDATE, read_examples
from pipeline.io.past_rates import read_rate_history
from pipeline.models.calibration.propensity_interval import (
    PropensityIntervals,
    drift_deviations,
    measure_intervals,
)
from pipeline.models.calibration.rate_forecast import (
    RateForecast,
    RateHistory,
    try_forecast,
)
from pipeline.models.examples import ENOUGH_NEGATIVES, Examples
from pipeline.models.propensity_model import PropensityModel

FRESH_WINDOWS = 2
"""From the window of the validation date to that of the scoring date, in a run that trains."""
SEED = 29


@dataclass(frozen=True)
class TodaysScorer:
    """A champion on one day."""

    model: PropensityModel
    intervals: PropensityIntervals | None
    """None where the past tells too little of them."""


def at_levels_of(
    engine: Engine, model: ModelName, champion: PropensityModel, day: date
) -> PropensityModel:
    """Return a champion at the levels forecast for a day; nothing is fitted anew.

    One whose levels were not forecast when it was trained, or whose categories' past no longer
    tells their future, stays as it is. The rows of the latest labelled date say what a category's
    rows are like; their outcomes count in the past rates alone.
    """
    forecast = _forecast(champion, *read_rate_history(model, day))
    return champion if forecast is None else champion.at_levels(_latest(engine, model), forecast)


def read_todays_scorer(
    engine: Engine, source: str, model: ModelName, champion: PropensityModel, day: date
) -> TodaysScorer:
    """Return a champion at the levels forecast for a day, with the intervals of what it says.

    The rows of the latest labelled date also say how far the champion's curve holds on rows that
    it was not fitted on.
    """
    history, number = read_rate_history(model, day)
    forecast, latest = _forecast(champion, history, number), _latest(engine, model)
    if forecast is None:
        drift = drift_deviations(history, _windows_since(source, model, history, number))
        return TodaysScorer(champion, _intervals(champion, latest, drift))
    levelled = champion.at_levels(latest, forecast)
    return TodaysScorer(levelled, _intervals(champion, latest, forecast.deviations))


def _forecast(champion: PropensityModel, history: RateHistory, number: int) -> RateForecast | None:
    return try_forecast(history, number).forecast if champion.follows_levels else None


def _latest(engine: Engine, model: ModelName) -> Examples:
    return read_examples(
        engine,
        model,
        "test",
        negatives_per_positive=ENOUGH_NEGATIVES,
        seed=0,
        most_customers=MEASURED_CUSTOMERS,
    )


def _intervals(
    champion: PropensityModel, latest: Examples, levels: Mapping[str, float] | None
) -> PropensityIntervals | None:
    scores = champion.score(latest.features)
    return measure_intervals(
        scores,
        champion.calibrated(scores, latest.features),
        latest,
        column=CANDIDATE,
        levels=levels,
        seed=SEED,
    )


def _windows_since(source: str, model: ModelName, history: RateHistory, number: int) -> int:
    """Return how many windows ago the champion's levels were found."""
    dates = read_champion_dates(source, model)
    if dates is None or len(history.days) < FRESH_WINDOWS:
        return FRESH_WINDOWS
    found = (dates.validation - date(1970, 1, 1)).days
    length = int(history.days[-1] - history.days[-2])
    return max(1, round((number - found) / length))

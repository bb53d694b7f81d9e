"""A champion with its categories where the latest complete outcome window puts them."""

from datetime import date

from pipeline.foundation.config import ModelName
from pipeline.foundation.engines import Engine
from pipeline.io.model_examples import read_examples
from pipeline.io.past_rates import read_rate_history
from pipeline.models.calibration.rate_forecast import try_forecast
from pipeline.models.examples import ENOUGH_NEGATIVES
from pipeline.models.propensity_model import PropensityModel


def at_levels_of(
    engine: Engine, model: ModelName, champion: PropensityModel, day: date
) -> PropensityModel:
    """Return a champion at the levels forecast for a day; nothing is fitted anew.

    One whose levels were not forecast when it was trained, or whose categories' past no longer
    tells their future, stays as it is. The rows of the latest labelled date say what a category's
    rows are like; their outcomes count in the past rates alone.
    """
    if not champion.follows_levels:
        return champion
    forecast = try_forecast(*read_rate_history(model, day)).forecast
    if forecast is None:
        return champion
    latest = read_examples(engine, model, "test", negatives_per_positive=ENOUGH_NEGATIVES, seed=0)
    return champion.at_levels(latest, forecast)

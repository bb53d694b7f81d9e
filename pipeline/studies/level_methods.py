"""Calibration of the categories' levels, three ways, at every date of the past.

The same trees and the same curve each time; what differs is where each category stands: at the
rate forecast for the date (ADR 16), at the rate of its last complete window, or where the shifts of
the validation date put it (ADR 6). The forecast is made as the pipeline makes it: from windows that
were over by then, and only where it pays; where it does not, it is the shift.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.models.calibration.level_shift import shift_to_forecast
from pipeline.models.calibration.rate_forecast import RateForecast, RateHistory, try_forecast
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import PropensityModel
from pipeline.statistics.arrays import Floats, sum_by_code
from pipeline.statistics.poisson import poisson_p_value
from pipeline.studies.part_comparison import (
    PartComparison,
    Predicted,
    compare_parts,
    interval_columns,
    size_of,
    to_frame,
)

FORECAST, LAST_RATE, SHIFT = "forecast", "last_rate", "shift"
METHODS = (FORECAST, LAST_RATE, SHIFT)
FIGURES = ("log_loss", "ece")
LEVEL = 0.05


@dataclass(frozen=True)
class DatedLevels:
    """What is known on a day of where the categories will stand."""

    column: str
    """The text feature whose values are the categories."""
    forecast: RateForecast | None
    last: RateForecast | None

    def move(
        self, model: PropensityModel, rows: Examples, rates: RateForecast | None
    ) -> PropensityModel:
        """Return the model with its categories at some rates; as it is where there are none.

        Args:
            model: calibrated with the shifts of the validation date.
            rows: as they are to be expected.
            rates: of the categories.
        """
        if rates is None:
            return model
        pooled = model.calibrator.apply(model.score(rows.features))
        return replace(model, shifts=shift_to_forecast(self.column, rows, pooled, rates))

    def at_forecast(self, model: PropensityModel, rows: Examples) -> PropensityModel:
        """Return the model as the pipeline would let it score."""
        return self.move(model, rows, self.forecast)


@dataclass(frozen=True)
class LevelLook:
    """What each method says of the rows of one date."""

    day: str
    rows: Examples
    """With the category alone."""
    said: Mapping[str, Floats]
    is_forecast: bool
    """Whether the forecast was taken up at this date."""

    def predicted(self) -> list[Predicted]:
        """Return the predictions as they are compared."""
        return [Predicted(name, self.day, one, self.rows) for name, one in self.said.items()]


def levels_on(history: RateHistory | None, day: date, window_days: int, column: str) -> DatedLevels:
    """Return what the windows that are over on a day say of the categories.

    Args:
        history: all windows, also those that are not over.
        day: the as-of date.
        window_days: after which a window is over.
        column: the text feature whose values are the categories.
    """
    if history is None:
        return DatedLevels(column, None, None)
    number = (day - date(1970, 1, 1)).days
    known = history.between(
        0, int(np.searchsorted(history.days, number - window_days, side="right"))
    )
    if len(known.days) == 0:
        return DatedLevels(column, None, None)
    return DatedLevels(column, try_forecast(known, number).forecast, _last_rates(known))


def _last_rates(history: RateHistory) -> RateForecast:
    """Return the rates of the last window, for categories that anybody was asked about."""
    rows, outcomes = history.rows[:, -1], history.outcomes[:, -1]
    rates = (outcomes + 0.5) / (rows + 1.0)
    found = {
        name: float(rate)
        for name, rate, count in zip(history.segments, rates, rows, strict=True)
        if count > 0
    }
    return RateForecast(found, dict.fromkeys(found, 0.0), 1)


def look_at(
    model: PropensityModel, levels: DatedLevels, expected: Examples, rows: Examples, day: str
) -> LevelLook:
    """Let one model predict the rows of a date at each method's levels.

    Args:
        model: with the shifts of the validation date.
        levels: what is known on the date.
        expected: the rows of the latest labelled date; their labels are not looked at.
        rows: of the date.
        day: its name.
    """
    rates = {FORECAST: levels.forecast, LAST_RATE: levels.last, SHIFT: None}
    scores = model.score(rows.features)
    said = {
        name: levels.move(model, expected, rates[name]).calibrated(scores, rows.features)
        for name in METHODS
    }
    kept = replace(rows, features=rows.features[[levels.column]])
    return LevelLook(day, kept, said, levels.forecast is not None)


def compare_levels(
    looks: Sequence[LevelLook], resampling: Resampling
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return date × method with its figures, and the mean over the dates of their differences.

    `..._difference` is the forecast's figure minus the method's on the same draws of customers:
    below 0 the forecast is better. `cells_off` counts the categories off at 5% (Poisson).
    """
    predicted = [one for look in looks for one in look.predicted()]
    compared = compare_parts(predicted, resampling)
    days = [look.day for look in looks]
    dated = [
        {
            "as_of_date": look.day,
            "levels": name,
            "is_forecast": look.is_forecast,
            **size_of(look.rows),
            "categories": look.rows.features.iloc[:, 0].nunique(),
            "cells_off": _cells_off(look, name),
            **compared.row(name, look.day),
            **_gaps(compared, name, [look.day]),
        }
        for look in looks
        for name in METHODS
    ]
    means = [{"levels": name, **_gaps(compared, name, days)} for name in METHODS[1:]]
    return to_frame(dated), to_frame(means)


def _gaps(compared: PartComparison, name: str, days: Sequence[str]) -> dict[str, float | None]:
    return interval_columns(
        {
            f"{figure}_difference": compared.mean_difference(FORECAST, name, days, figure)
            for figure in FIGURES
        }
    )


def _cells_off(look: LevelLook, name: str) -> int:
    codes = look.rows.features.iloc[:, 0].astype("category").cat.codes.to_numpy().astype(np.int64)
    weights = look.rows.weights
    outcomes = sum_by_code(codes, weights * look.rows.labels)
    expected = sum_by_code(codes, weights * look.said[name])
    asked = expected > 0
    return sum(
        poisson_p_value(round(one), about) < LEVEL
        for one, about in zip(outcomes[asked], expected[asked], strict=True)
    )

"""Seasonal adjustment of a rate that was learnt on a part of the year: the ratio-to-average method.

A horizon of some months before Christmas sells more a day than a year does. What trees learn there
is brought to a year by the company's own ratio: the spend a day of the last year over the spend a
day of the horizon. A horizon of a whole year needs none.

    last year 36,500 in 365 days, 100 a day; horizon 15,000 in 100 days, 150 a day: ratio 2/3
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.segments.horizon import HISTORY_DAYS, YEAR_DAYS, ForecastDates


@dataclass(frozen=True)
class Season:
    """What a rate of each horizon is multiplied by to be that of a year."""

    before: float
    """Of the horizon that ends at the test date."""
    after: float
    """Of the horizon that ends at the scoring date."""
    year_days: int
    """Days that the year's spend was seen over: 365, or as many as there are."""


def season(facts: Mapping[str, pd.DataFrame], horizon: ForecastDates) -> Season:
    """Return the ratios of the two horizons; 1 where they are whole years, or nothing was spent.

    Args:
        facts: `customer_facts` by date: test, now.
        horizon: the dates.
    """
    days = horizon.horizon_days
    year_days = min(YEAR_DAYS, 2 * days + HISTORY_DAYS)
    if days >= YEAR_DAYS:
        return Season(1.0, 1.0, year_days)
    a_day = float(facts["now"]["spend_cents_365d"].sum()) / year_days
    before, after = (_ratio(a_day, facts[name], days) for name in ("test", "now"))
    return Season(before, after, year_days)


def _ratio(year_a_day: float, facts: pd.DataFrame, days: int) -> float:
    horizon_a_day = float(facts["spend_cents_horizon"].sum()) / days
    return year_a_day / horizon_a_day if year_a_day > 0 and horizon_a_day > 0 else 1.0


def tell_horizon(horizon: ForecastDates, seasonal: Season) -> str:
    """Say what the value of 12 months rests on."""
    days = horizon.horizon_days
    if days == YEAR_DAYS:
        return "12 months, tried out of time on as long a horizon."
    told = (
        f"The history is too short to try 12 months out of time; tried on {days} days and brought "
        f"to a year by the season: a day of these brought {1 / seasonal.after:.2f} times a day of "
        f"the last {seasonal.year_days}, so intervals are wider than a year's."
    )
    if seasonal.year_days < YEAR_DAYS:
        told += " Not every season has been seen: read the value with its interval."
    return told

"""Rolling origins: earlier dates at which a model could have been fitted, calibrated and judged.

Each past stands to its own future as the model to be trained stands to the out-of-time test: the
core is fitted on the dates before `held_out`, calibrated on that date, and judged on the date after
it, which is held out by the next past. The present comes last; its next date is the test.
Rolling-origin evaluation: Tashman (2000), International Journal of Forecasting 16.

    train dates 1 2 3 4 5 6 7, validation 8:   fitted on   held out   judged on
                                                1-4           5          6
                                                1-5           6          7
                                                1-6           7          8
                                                1-7           8         (test)
"""

from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from pipeline.models.examples import Examples
from pipeline.models.learnable import why_no_model

MOST = 3
"""Pasts beside the present; each costs a fit."""


@dataclass(frozen=True)
class Past:
    """What was known before a date, and the rows of that date."""

    fitted_on: Examples
    held_out: Examples


def rolling_pasts(train: Examples, held_out: Examples, most: int = MOST) -> tuple[Past, ...]:
    """Return the latest pasts that hold outcomes enough, the oldest first, and the present.

    Args:
        train: rows of several periods; without periods there is only the present.
        held_out: rows of the period after them.
        most: pasts beside the present.
    """
    latest_first = [Past(train, held_out)]
    if train.periods is not None:
        dates = np.unique(train.periods)[1:][::-1][:most]
        latest_first += takewhile(_is_learnable, (_at(train, int(date)) for date in dates))
    return tuple(reversed(latest_first))


def period_of(rows: Examples) -> int:
    """Return the latest period of rows.

    Raises:
        ValueError: they have none.
    """
    if rows.periods is None:
        raise ValueError("rows without periods are of no date")
    return int(rows.periods.max())


def _at(train: Examples, date: int) -> Past:
    periods = train.periods if train.periods is not None else np.zeros(len(train), dtype=np.int64)
    before, then = np.flatnonzero(periods < date), np.flatnonzero(periods == date)
    return Past(train.take(before), train.take(then))


def _is_learnable(past: Past) -> bool:
    return why_no_model(past.fitted_on, past.held_out) is None

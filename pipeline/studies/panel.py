"""All labelled rows of one model with their as-of dates, and where a backtest may stand in them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from pipeline.foundation.errors import DataError
from pipeline.models.calibration.rate_forecast import RateHistory
from pipeline.models.examples import Examples
from pipeline.population.dates import OutcomeWindow
from pipeline.statistics.arrays import Floats


@dataclass(frozen=True)
class Origin:
    """A date to test on, with what was complete by then: the latest date validates."""

    train: tuple[date, ...]
    validation: date
    test: date


@dataclass(frozen=True)
class Panel:
    """Rows of several as-of dates; groups are customers, with one code for all dates."""

    examples: Examples
    dates: npt.NDArray[np.datetime64]
    """The as-of date of each row, in days."""
    window: OutcomeWindow
    predicted: Mapping[str, Floats] = field(default_factory=dict)
    """What the source and the pipeline say of each row, by name; NaN where they say nothing."""
    past: RateHistory | None = None
    """Of every outcome window of the ledger, also those before the first of these dates."""

    @property
    def as_of_dates(self) -> tuple[date, ...]:
        """Return the dates, oldest first."""
        return tuple(np.unique(self.dates).astype("datetime64[D]").tolist())

    def on(self, days: Collection[date]) -> Examples:
        """Return the rows of some dates, in the panel's order."""
        wanted = np.array(sorted(days), dtype="datetime64[D]")
        return self.examples.take(np.flatnonzero(np.isin(self.dates, wanted)))

    def origins(self) -> tuple[Origin, ...]:
        """Return every date that can be tested, oldest first.

        Whatever was learnt for a date had its outcome window end by that date, and whatever the
        trees were fitted on had it end by the validation date.

        Raises:
            DataError: the dates are too few for a single test.
        """
        days = self.as_of_dates
        found = []
        for test in days:
            complete = [day for day in days if self.window.end(day) <= test]
            train = [day for day in complete if self.window.end(day) <= complete[-1]]
            if train:
                found.append(Origin(tuple(train), complete[-1], test))
        if not found:
            raise DataError(
                "three as-of dates whose outcome windows follow one another",
                ", ".join(map(str, days)),
                "Raise snapshots.count, or shorten snapshots.outcome_days.",
            )
        return tuple(found)

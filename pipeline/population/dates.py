"""As-of dates: counted back from what the data cover, and split by time.

The scoring as-of date is the latest day the data cover. That day may be a partial one, so nothing
that happens on it is used; everything before its midnight is complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipeline.foundation.config import SnapshotsParams
from pipeline.foundation.contracts.hand_overs.snapshot_dates import SnapshotDates
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.population.drawn_customers import drawn_share

Split = Literal["train", "validation", "test", "scoring"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test", "scoring")
LEAST_HISTORY_DAYS = 90
"""Before a training date that is added for want of outcomes: most windows are whole by then."""
LONGEST_WINDOW_DAYS = 365
"""Of any feature; `tests/population/test_dates.py` holds it against the families."""


@dataclass(frozen=True, order=True)
class Snapshot:
    """One look at the company, at midnight at the start of a day."""

    as_of_date: date
    split: Split


@dataclass(frozen=True)
class OutcomeWindow:
    """The days a label looks at: `[as_of + gap, as_of + gap + outcome)`."""

    gap_days: int
    outcome_days: int

    @property
    def end_days(self) -> int:
        """Return the days from an as-of date to the end of its window."""
        return self.gap_days + self.outcome_days

    def end(self, as_of_date: date) -> date:
        """Return the first day after the window of an as-of date."""
        return as_of_date + timedelta(days=self.end_days)


def describe_snapshots(
    dates: Sequence[Snapshot],
    window: OutcomeWindow,
    known_customers: Mapping[date, int],
    most_customers: int | None,
) -> SnapshotDates:
    """Return what later stages read of the snapshots.

    Args:
        dates: what `snapshots` returns.
        window: of the outcomes.
        known_customers: at each date.
        most_customers: that are learnt from; None: all.
    """
    *train, validation, test, scoring = (snapshot.as_of_date for snapshot in dates)
    return SnapshotDates(
        train=tuple(train),
        validation=validation,
        test=test,
        scoring=scoring,
        gap_days=window.gap_days,
        outcome_days=window.outcome_days,
        known_customers=known_customers.get(scoring, 0),
        drawn_share=drawn_share(known_customers.get(validation, 0), most_customers),
    )


def snapshots(
    params: SnapshotsParams, first_day: date, last_day: date, older: Sequence[date] = ()
) -> tuple[Snapshot, ...]:
    """Return the snapshots, oldest first: train …, validation, test, scoring.

    Args:
        params: dates, or how to count them.
        first_day: the first day with a product event.
        last_day: the last day with a product event; it may be a partial day.
        older: further training dates, as `older_dates` allows them.

    Raises:
        ConfigurationError: a date lies outside the data.
        DataError: the data are too short for a train, a validation and a test snapshot.
    """
    window = OutcomeWindow(params.gap_days, params.outcome_days)
    scoring = params.scoring_as_of_date or last_day
    _check_inside(scoring, "scoring_as_of_date", first_day, last_day)
    labelled = _labelled_dates(params, window, first_day, scoring, last_day)
    *earlier, validation, test = labelled
    validation_end = window.end(validation)
    if validation_end > test:
        raise ConfigurationError(
            f"the outcome window of the validation snapshot {validation} to end by the test "
            f"snapshot {test}",
            f"it ends on {validation_end}",
            "Put the last two dates further apart, or shorten outcome_days or gap_days.",
        )
    train = [day for day in earlier if window.end(day) <= validation]
    if not train:
        raise DataError(
            "at least one training snapshot whose outcome window ends by the validation snapshot "
            f"{validation}",
            f"as-of dates {', '.join(map(str, labelled))}",
            "Bring more history, lower snapshots.every_days, or shorten outcome_days.",
        )
    return (
        *(Snapshot(day, "train") for day in sorted({*older, *train})),
        Snapshot(validation, "validation"),
        Snapshot(test, "test"),
        Snapshot(scoring, "scoring"),
    )


def older_dates(
    params: SnapshotsParams, usual: Sequence[Snapshot], first_day: date
) -> tuple[date, ...]:
    """Return the training dates before the usual ones that the data allow, the newest first.

    Each has `LEAST_HISTORY_DAYS` of data before it. Dates that were named are all there are.
    """
    if params.as_of_dates is not None:
        return ()
    oldest = usual[0].as_of_date
    room = (oldest - first_day).days - LEAST_HISTORY_DAYS
    steps = range(1, room // params.every_days + 1)
    return tuple(oldest - timedelta(days=params.every_days * step) for step in steps)


def cut_short(dates: Sequence[Snapshot], first_day: date) -> tuple[date, ...]:
    """Return the training dates before which the data are shorter than the longest window."""
    return tuple(
        snapshot.as_of_date
        for snapshot in dates
        if snapshot.split == "train"
        and (snapshot.as_of_date - first_day).days < LONGEST_WINDOW_DAYS
    )


def _labelled_dates(
    params: SnapshotsParams, window: OutcomeWindow, first_day: date, scoring: date, last_day: date
) -> Sequence[date]:
    if params.as_of_dates is not None:
        for day in params.as_of_dates:
            _check_inside(day, "as_of_dates", first_day, last_day)
        if window.end(params.as_of_dates[-1]) > last_day:
            raise ConfigurationError(
                f"outcome windows that end by the last complete day, {last_day}",
                f"{params.as_of_dates[-1]} with a window that ends on "
                f"{window.end(params.as_of_dates[-1])}",
                "Choose earlier snapshots.as_of_dates.",
            )
        return params.as_of_dates
    latest = min(scoring, last_day) - timedelta(days=window.end_days)
    # A window that is longer than the step would let a training outcome reach into the test.
    step = timedelta(days=params.every_days)
    apart = timedelta(days=-(-window.end_days // params.every_days) * params.every_days)
    newest = [latest, latest - apart]
    older = [newest[-1] - apart - step * index for index in range(params.count - 2)]
    dates = sorted(day for day in newest + older if day > first_day)
    if len(dates) < 3:
        raise DataError(
            f"at least three as-of dates {params.every_days} days apart, each with "
            f"{window.end_days} days of outcomes",
            f"data from {first_day} to {last_day}, which allow {len(dates)}",
            "Bring more history, or lower snapshots.every_days or outcome_days.",
        )
    return dates


def _check_inside(day: date, name: str, first_day: date, last_day: date) -> None:
    if not first_day < day <= last_day:
        raise ConfigurationError(
            f"snapshots.{name} after {first_day}, the first day of the data, and not after "
            f"{last_day}, the last",
            str(day),
            "Correct the date in params.yaml, or leave it null to take it from the data.",
        )

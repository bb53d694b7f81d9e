from datetime import date, timedelta

import pytest

from pipeline.foundation.config import SnapshotsParams
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.population.dates import Snapshot, snapshots

FIRST, LAST = date(2024, 1, 1), date(2025, 1, 27)


def params(**changes: object) -> SnapshotsParams:
    defaults: dict[str, object] = {
        "every_days": 28,
        "count": 4,
        "outcome_days": 28,
        "gap_days": 0,
        "as_of_dates": None,
        "scoring_as_of_date": None,
    }
    return SnapshotsParams.model_validate(defaults | changes)


def test_dates_are_counted_back_from_the_last_complete_outcome_window() -> None:
    assert snapshots(params(), FIRST, LAST) == (
        Snapshot(date(2024, 10, 7), "train"),
        Snapshot(date(2024, 11, 4), "train"),
        Snapshot(date(2024, 12, 2), "validation"),
        Snapshot(date(2024, 12, 30), "test"),
        Snapshot(date(2025, 1, 27), "scoring"),
    )


@pytest.mark.parametrize(("outcome", "gap"), [(28, 0), (28, 7), (60, 0), (10, 3)])
def test_no_outcome_window_reaches_into_the_next_part(outcome: int, gap: int) -> None:
    found = snapshots(params(outcome_days=outcome, gap_days=gap), FIRST, LAST)
    end = {day: day.as_of_date + timedelta(days=gap + outcome) for day in found}
    for earlier, later in [("train", "validation"), ("validation", "test"), ("test", "scoring")]:
        ends = [end[day] for day in found if day.split == earlier]
        starts = [day.as_of_date for day in found if day.split == later]
        assert max(ends) <= min(starts)


def test_a_short_history_gives_fewer_dates_down_to_three() -> None:
    short = date(2024, 10, 20)
    assert [day.split for day in snapshots(params(), short, LAST)] == [
        "train",
        "validation",
        "test",
        "scoring",
    ]


def test_a_history_without_room_for_three_dates_is_refused() -> None:
    with pytest.raises(DataError, match=r"at least three as-of dates 28 days apart.*allow 2"):
        snapshots(params(), date(2024, 11, 20), LAST)


def test_an_explicit_date_outside_the_data_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"scoring_as_of_date.*found 2026-01-01"):
        snapshots(params(scoring_as_of_date=date(2026, 1, 1)), FIRST, LAST)


def test_an_explicit_date_whose_window_is_not_complete_is_refused() -> None:
    dates = (date(2024, 6, 1), date(2024, 9, 1), date(2025, 1, 10))
    with pytest.raises(ConfigurationError, match=r"end by the last complete day, 2025-01-27"):
        snapshots(params(as_of_dates=dates), FIRST, LAST)


def test_an_explicit_training_date_that_reaches_into_validation_is_left_out() -> None:
    dates = (date(2024, 6, 1), date(2024, 8, 20), date(2024, 9, 1), date(2024, 12, 1))
    found = snapshots(params(as_of_dates=dates), FIRST, LAST)
    assert [day.as_of_date for day in found if day.split == "train"] == [date(2024, 6, 1)]


def test_validation_and_test_too_close_together_are_refused() -> None:
    dates = (date(2024, 6, 1), date(2024, 11, 20), date(2024, 12, 1))
    with pytest.raises(ConfigurationError, match=r"Put the last two dates further apart"):
        snapshots(params(as_of_dates=dates), FIRST, LAST)

import re
from datetime import date, timedelta

import pytest

from pipeline.features.declared_family import load_declarations
from pipeline.foundation.choices import FAMILIES
from pipeline.foundation.config import SnapshotsParams
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.population.dates import (
    LONGEST_WINDOW_DAYS,
    Snapshot,
    cut_short,
    older_dates,
    snapshots,
)

FIRST, LAST = date(2024, 1, 1), date(2025, 1, 27)


def params(**changes: object) -> SnapshotsParams:
    defaults: dict[str, object] = {
        "every_days": 28,
        "count": 4,
        "outcome_days": 28,
        "gap_days": 0,
        "as_of_dates": None,
        "scoring_as_of_date": None,
        "most_customers": None,
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


def test_older_training_dates_are_allowed_where_a_quarter_of_data_lies_before_them() -> None:
    # The usual ones begin on 2024-10-07; 2024-04-22 is 112 days after 2024-01-01, 03-25 only 84.
    usual = snapshots(params(), FIRST, LAST)
    found = older_dates(params(), usual, FIRST)
    assert (found[0], found[-1], len(found)) == (date(2024, 9, 9), date(2024, 4, 22), 6)
    named = params(as_of_dates=tuple(day.as_of_date for day in usual[:-1]))
    assert older_dates(named, usual, FIRST) == ()


def test_older_training_dates_leave_validation_test_and_scoring_as_they_are() -> None:
    usual = snapshots(params(), FIRST, LAST)
    found = snapshots(params(), FIRST, LAST, (date(2024, 9, 9), date(2024, 8, 12)))
    assert found[2:] == usual
    assert found[:2] == (Snapshot(date(2024, 8, 12), "train"), Snapshot(date(2024, 9, 9), "train"))


def test_training_dates_before_which_the_longest_window_is_cut_short_are_found() -> None:
    usual = snapshots(params(), FIRST, LAST)  # train on 2024-10-07 and 2024-11-04
    assert cut_short(usual, date(2023, 11, 5)) == (date(2024, 10, 7),)
    assert cut_short(usual, date(2023, 10, 8)) == ()  # 365 days before


def test_no_feature_looks_further_back_than_the_longest_window() -> None:
    windows = [
        int(found)
        for family in load_declarations(FAMILIES.names())
        for feature in family.features
        for found in re.findall(r"__(\d+)d$", feature.name)
    ]
    assert max(windows) == LONGEST_WINDOW_DAYS

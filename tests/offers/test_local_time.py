"""Hours to send are those of the company's clocks, through summer and winter time."""

from datetime import date, datetime

import ibis
import pandas as pd
import pytest

from pipeline.foundation.config import DecideParams, load
from pipeline.offers.local_time import hour_of_week, offsets

MADRID = offsets("Europe/Madrid", date(2025, 12, 15), 365)
MONDAY, SUNDAY = 0, 144


def hours(moments: list[str], clock: list[tuple[datetime, int]]) -> list[int]:
    rows = ibis.memtable(
        pd.DataFrame({"at": pd.to_datetime(moments), "place": range(len(moments))})
    )
    found = rows.mutate(hour=hour_of_week(rows.at, clock)).order_by("place")
    return [int(one) for one in found.hour.to_pandas()]


def test_madrid_changes_its_clocks_twice_a_year() -> None:
    assert [
        (datetime(2024, 12, 14), 60),  # noqa: DTZ001 - moments are naive UTC
        (datetime(2025, 3, 30, 1), 120),  # noqa: DTZ001
        (datetime(2025, 10, 26, 1), 60),  # noqa: DTZ001
    ] == MADRID


def test_an_hour_is_the_local_one_in_summer_and_in_winter() -> None:
    # Monday 7 July 2025, 09:30 UTC is 11:30 in Madrid; Monday 1 December 2025, 09:30 is 10:30.
    assert hours(["2025-07-07 09:30", "2025-12-01 09:30"], MADRID) == [MONDAY + 11, MONDAY + 10]
    assert hours(["2025-03-30 00:59", "2025-03-30 01:00"], MADRID) == [SUNDAY + 1, SUNDAY + 3]


def test_late_on_sunday_in_utc_is_monday_there_and_early_on_monday_is_sunday_elsewhere() -> None:
    assert hours(["2025-12-07 23:30"], MADRID) == [MONDAY]
    bogota = offsets("America/Bogota", date(2025, 12, 15), 365)
    assert hours(["2025-12-08 02:00"], bogota) == [SUNDAY + 21]


def test_half_hours_count() -> None:
    kolkata = offsets("Asia/Kolkata", date(2025, 12, 15), 365)
    assert hours(["2025-12-01 09:15", "2025-12-01 09:30"], kolkata) == [14, 15]


def test_utc_changes_nothing() -> None:
    assert hours(["2025-12-01 09:30"], offsets("UTC", date(2025, 12, 15), 365)) == [9]


def test_a_mistyped_zone_is_refused_with_the_one_that_is_meant() -> None:
    given = load().decide.model_dump() | {"timezone": "Europe/Madird"}
    with pytest.raises(ValueError, match="Did you mean 'Europe/Madrid'"):
        DecideParams.model_validate(given)

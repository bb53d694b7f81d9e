from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from pipeline.foundation.contracts.tables import INTERACTIONS, PRODUCT_EVENTS
from pipeline.validation.coverage import Coverage, cover, end_of, last_day

FIRST = date(2024, 1, 1)  # a Monday


def daily(*stretches: tuple[int, int, int]) -> pd.DataFrame:
    """Return stretches of days, each (first day, number of days, events on each of them)."""
    rows = [
        (FIRST + timedelta(days=start + day), events)
        for start, days, events in stretches
        for day in range(days)
    ]
    return pd.DataFrame(rows, columns=["day", "events"])


def on_days(days: Sequence[int], events: int = 1) -> pd.DataFrame:
    return daily(*((day, 1, events) for day in days))


def found(days: pd.DataFrame) -> tuple[int, int]:
    """Return coverage as numbers of days from the first."""
    coverage = cover(days)
    assert coverage is not None
    return (coverage.start - FIRST).days, (coverage.end - FIRST).days


def test_without_events_nothing_is_covered() -> None:
    assert cover(daily()) is None


def test_one_event_covers_its_day() -> None:
    assert found(daily((3, 1, 1))) == (3, 3)


def test_the_order_of_the_days_does_not_matter() -> None:
    days = daily((0, 100, 50), (27_000, 5, 2))
    assert cover(days.iloc[::-1]) == cover(days)


@pytest.mark.parametrize("events", [1, 40, 3000])
def test_a_few_events_of_a_far_year_are_not_covered(events: int) -> None:
    assert found(daily((0, 400, 2000), (27_000, 1, events))) == (0, 399)


def test_far_events_that_fill_a_year_of_their_own_are_not_covered() -> None:
    assert found(daily((0, 400, 2000), (27_000, 365, 4))) == (0, 399)


def test_a_year_written_one_too_high_is_not_covered() -> None:
    assert found(daily((0, 400, 2000), (600, 120, 4))) == (0, 399)


def test_days_and_months_that_changed_places_do_not_lead_coverage_on() -> None:
    swapped = [(day, 1, 5) for day in range(404, 560, 5)]
    # The days within a week of the last busy one are kept: they may be slow days.
    assert found(daily((0, 400, 2000), *swapped)) == (0, 404)


@pytest.mark.parametrize("events", [3, 60, 900])
def test_a_last_day_cut_short_is_kept(events: int) -> None:
    assert found(daily((0, 400, 2000), (400, 1, events))) == (0, 400)


def test_slow_days_at_the_end_are_kept() -> None:
    weeks = [(7 * week, 5, 2000) for week in range(60)]
    sundays = [(7 * week + 6, 1, 20) for week in range(60)]
    assert found(daily(*weeks, *sundays)) == (0, 419)


def test_holidays_inside_are_covered() -> None:
    assert found(daily((0, 200, 500), (214, 200, 500))) == (0, 413)


def test_a_small_ledger_keeps_its_ten_rows_over_two_years() -> None:
    days = [0, 70, 95, 200, 260, 400, 410, 520, 640, 730]
    assert found(on_days(days)) == (0, 730)


@pytest.mark.parametrize("days", [[0, 100], [0, 100, 200, 300], [0, 1, 2, 90]])
def test_a_tiny_ledger_keeps_all_its_rows(days: list[int]) -> None:
    assert found(on_days(days)) == (0, days[-1])


def test_a_tiny_ledger_leaves_out_the_far_year() -> None:
    assert found(on_days([0, 70, 95, 200, 260, 27_000])) == (0, 260)


def test_a_weekly_business_is_covered_to_its_last_week() -> None:
    assert found(on_days(list(range(0, 700, 7)), 300)) == (0, 693)


def test_a_monthly_business_is_covered_to_its_last_month() -> None:
    assert found(on_days(list(range(0, 1000, 31)), 9000)) == (0, 992)


def test_a_quarterly_business_is_covered_to_its_last_quarter() -> None:
    assert found(on_days(list(range(0, 1100, 91)), 5000)) == (0, 1092)


def test_a_seasonal_business_is_covered_through_its_summers() -> None:
    seasons = daily((0, 150, 80), (365, 150, 80), (730, 150, 80))
    assert found(seasons) == (0, 879)


def test_the_first_days_of_a_new_season_are_kept() -> None:
    seasons = daily((0, 150, 80), (365, 150, 80), (730, 2, 40))
    assert found(seasons) == (0, 731)


def test_old_events_before_a_long_silence_lie_before_the_coverage() -> None:
    assert found(daily((-9000, 3, 2), (0, 300, 100))) == (0, 299)


def test_how_long_a_business_may_be_silent_is_twice_its_own_longest_silence() -> None:
    everyday = cover(daily((0, 300, 100)))
    seasonal = cover(daily((0, 150, 80), (365, 150, 80)))
    assert everyday is not None
    assert seasonal is not None
    assert everyday.allowed_days == 28
    assert seasonal.allowed_days == 2 * (365 - 149)


def test_product_events_end_with_the_coverage_and_other_tables_may_run_on() -> None:
    coverage = Coverage(date(2024, 1, 1), date(2024, 6, 30), allowed_days=28)
    assert last_day(PRODUCT_EVENTS, coverage) == date(2024, 6, 30)
    assert last_day(INTERACTIONS, coverage) == date(2024, 7, 28)
    assert last_day(INTERACTIONS, None) is None


def test_a_day_ends_at_the_next_midnight() -> None:
    assert end_of(date(2024, 12, 31)) == datetime(2025, 1, 1)  # noqa: DTZ001 - naive UTC


def with_firsts(*stretches: tuple[int, int, int, int]) -> pd.DataFrame:
    """Return stretches of days, each (first day, number of days, events and firsts on each)."""
    days = daily(*((start, length, events) for start, length, events, _ in stretches))
    firsts = [firsts for _, length, _, firsts in stretches for _ in range(length)]
    return days.assign(firsts=firsts)


def test_renewals_that_are_booked_ahead_do_not_move_the_end() -> None:
    assert found(with_firsts((0, 400, 20, 5), (400, 46, 12, 0))) == (0, 399)


def test_one_mistyped_first_among_the_bookings_does_not_either() -> None:
    days = with_firsts((0, 400, 20, 5), (400, 30, 12, 0), (430, 1, 12, 1), (431, 15, 12, 0))
    assert found(days) == (0, 399)


@pytest.mark.parametrize(
    "days",
    [
        with_firsts((0, 400, 20, 5), (400, 46, 3, 1)),  # a quiet season is quiet in both
        with_firsts((0, 100, 20, 5), (100, 346, 20, 0)),  # everybody has what there is
        with_firsts((0, 444, 20, 5), (444, 2, 200, 2)),  # a day of many renewals at the end
    ],
)
def test_days_with_few_first_events_for_another_reason_are_covered(days: pd.DataFrame) -> None:
    assert found(days) == (0, 445)


def test_the_day_of_the_export_is_the_last_that_may_be_covered() -> None:
    exported_on = FIRST + timedelta(days=399)
    coverage = cover(with_firsts((0, 400, 20, 0), (400, 46, 12, 0)), exported_on)
    assert coverage is not None
    assert (coverage.end, coverage.latest) == (exported_on, exported_on)
    assert cover(daily((5, 10, 1)), FIRST) is None

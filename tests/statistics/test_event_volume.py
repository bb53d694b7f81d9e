import numpy as np
import pytest

from pipeline.statistics.event_volume import EventVolume, measure_volume


def measured(windows: list[int]) -> EventVolume:
    """Measure a ledger with rows on every day; `windows` are rows a day by four weeks, newest first."""
    rows = np.repeat(windows, 28)
    ago = np.arange(len(rows))
    return measure_volume(ago[rows > 0], rows[rows > 0])


def test_a_steady_ledger_is_as_usual() -> None:
    found = measured([10] * 10)
    assert (found.rows, found.usual_rows, found.is_unusual) == (280, 280.0, False)
    assert (found.silent_days, found.longest_silence_days) == (0, 0)


def test_half_the_rows_are_unusual_and_a_tenth_less_are_not() -> None:
    assert measured([5] + [10] * 9).is_unusual
    assert not measured([9] + [10] * 9).is_unusual


def test_twice_the_rows_are_unusual() -> None:
    assert measured([20] + [10] * 9).is_unusual


def test_few_rows_vary_by_chance() -> None:
    """Four in place of eight: 4 is less than four times the square root of 12."""
    ago = np.concatenate([np.arange(0, 28, 7), np.arange(28, 280, 4)])
    assert not measure_volume(ago, np.ones_like(ago)).is_unusual


def test_a_ledger_that_halves_now_and_then_is_itself_when_it_does() -> None:
    assert not measured([5, 10, 10, 10, 5, 10, 10, 10, 5, 10, 10, 10]).is_unusual


def test_a_stop_counts_the_days_of_silence_and_the_longest_before() -> None:
    found = measure_volume(np.array([50, 51, 55, 60]), np.array([1, 2, 3, 4]))
    assert (found.silent_days, found.longest_silence_days, found.rows) == (50, 4, 0)


@pytest.mark.parametrize("windows", [1, 7])
def test_too_short_a_ledger_has_no_habit(windows: int) -> None:
    found = measured([1] + [10] * (windows - 1))
    assert (found.usual_rows, found.ratio, found.is_unusual) == (None, None, False)

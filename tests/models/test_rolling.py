from dataclasses import replace

import numpy as np
import pytest

from pipeline.models.examples import Examples
from pipeline.models.pasts.rolling import period_of, rolling_pasts
from tests.models.tables import table


def rows_of(*periods: int) -> Examples:
    """Return 1,000 rows of each period, some 120 of them positive."""
    rows = table(1000 * len(periods), 5).examples
    return replace(rows, periods=np.repeat(np.array(periods, dtype=np.int64), 1000))


def told(rows: Examples) -> list[int]:
    assert rows.periods is not None
    return sorted(set(rows.periods.tolist()))


def test_each_past_is_fitted_on_the_dates_before_the_one_it_holds_out() -> None:
    pasts = rolling_pasts(rows_of(1, 2, 3, 4, 5), rows_of(6))
    assert [told(past.fitted_on) for past in pasts] == [
        [1, 2],
        [1, 2, 3],
        [1, 2, 3, 4],
        [1, 2, 3, 4, 5],
    ]
    assert [told(past.held_out) for past in pasts] == [[3], [4], [5], [6]]


def test_a_short_history_gives_the_pasts_there_are() -> None:
    assert len(rolling_pasts(rows_of(1, 2), rows_of(3))) == 2
    assert len(rolling_pasts(rows_of(1), rows_of(2))) == 1


def test_rows_without_an_order_in_time_have_only_the_present() -> None:
    train = replace(rows_of(1, 2, 3), periods=None)
    pasts = rolling_pasts(train, replace(rows_of(4), periods=None))
    assert [len(past.fitted_on) for past in pasts] == [3000]
    with pytest.raises(ValueError, match="of no date"):
        period_of(train)


def test_a_past_of_hardly_an_outcome_and_all_before_it_are_left_out() -> None:
    train = rows_of(1, 2, 3, 4, 5)
    labels = np.where(train.periods == 3, 0.0, train.labels)
    pasts = rolling_pasts(replace(train, labels=labels), rows_of(6))
    assert [told(past.held_out) for past in pasts] == [[4], [5], [6]]

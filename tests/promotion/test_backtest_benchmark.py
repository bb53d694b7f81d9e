from typing import Any

import pytest

from pipeline.promotion.backtest_benchmark import Past, read_past
from pipeline.statistics.bootstrap import Interval

COMPANY = {"source": "files", "customers": 1000, "outcome_days": 28}
COMMAND = "`make backtest`"


def figure(day: str, high: float | None) -> dict[str, Any]:
    value = None if high is None else high - 0.01
    return {"as_of_date": day, "value": value, "low": value, "high": high}


def past_of(*dates: dict[str, Any], **changes: object) -> Past:
    written = {"made_from": COMPANY, "auc": list(dates)}
    return read_past(written, COMPANY | changes, "2026-04-01", COMMAND)


def test_the_best_date_is_the_one_that_may_have_ranked_best() -> None:
    found = past_of(figure("2026-01-01", 0.75), figure("2026-02-01", 0.77))
    assert found == Past("2026-02-01", Interval(0.76, 0.76, 0.77), command=COMMAND)


def test_the_test_itself_and_dates_without_outcomes_do_not_count() -> None:
    found = past_of(
        figure("2026-01-01", 0.75), figure("2026-02-01", None), figure("2026-04-01", 0.99)
    )
    assert found.as_of_date == "2026-01-01"


def test_a_backtest_of_later_dates_only_says_so() -> None:
    assert (
        past_of(figure("2026-04-01", 0.8)).obstacle == "the backtest has no date before 2026-04-01"
    )


def test_no_backtest_is_told() -> None:
    found = read_past(None, COMPANY, "2026-04-01", COMMAND)
    assert found == Past(obstacle="no backtest of this source was made", command=COMMAND)


@pytest.mark.parametrize(("customers", "is_same"), [(1200, True), (1201, False), (799, False)])
def test_a_company_may_grow_by_a_fifth_before_it_is_another(customers: int, is_same: bool) -> None:
    found = past_of(figure("2026-01-01", 0.75), customers=customers)
    assert (found.auc is not None) == is_same


def test_another_question_is_other_data() -> None:
    found = past_of(figure("2026-01-01", 0.75), outcome_days=84)
    assert found.obstacle == "the backtest is of other data (outcome_days: 28, now 84)"


def test_a_backtest_that_does_not_say_what_it_was_made_from_is_of_other_data() -> None:
    found = read_past({"auc": [figure("2026-01-01", 0.75)]}, COMPANY, "2026-04-01", COMMAND)
    assert "customers: 0, now 1,000" in (found.obstacle or "")

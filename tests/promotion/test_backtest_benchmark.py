from datetime import date

import pytest

from pipeline.foundation.contracts.hand_overs.backtest_study import (
    BacktestStudy,
    DatedFigure,
    RunOrigin,
)
from pipeline.promotion.backtest_benchmark import Benchmark, find_benchmark
from pipeline.statistics.bootstrap import Interval

COMPANY = RunOrigin(
    source="files", statement="A company.", customers=1000, gap_days=0, outcome_days=28
)
COMMAND = "`make backtest`"
TESTED_ON = date(2026, 4, 1)


def figure(day: date, high: float | None) -> DatedFigure:
    value = None if high is None else high - 0.01
    return DatedFigure(as_of_date=day, value=value, low=value, high=high)


def benchmark_of(*dates: DatedFigure, **changes: object) -> Benchmark:
    study = BacktestStudy(
        made_from=COMPANY, dates=(), auc=dates, ageing=(), stability=(), base_rates={}
    )
    return find_benchmark(study, COMPANY.model_copy(update=changes), TESTED_ON, COMMAND)


def test_the_best_date_is_the_one_that_may_have_ranked_best() -> None:
    found = benchmark_of(figure(date(2026, 1, 1), 0.75), figure(date(2026, 2, 1), 0.77))
    assert found == Benchmark(date(2026, 2, 1), Interval(0.76, 0.76, 0.77), command=COMMAND)


def test_the_test_itself_and_dates_without_outcomes_do_not_count() -> None:
    found = benchmark_of(
        figure(date(2026, 1, 1), 0.75), figure(date(2026, 2, 1), None), figure(TESTED_ON, 0.99)
    )
    assert found.as_of_date == date(2026, 1, 1)


def test_a_backtest_of_later_dates_only_says_so() -> None:
    found = benchmark_of(figure(TESTED_ON, 0.8))
    assert found.missing_because == "the backtest has no date before 2026-04-01"


def test_no_backtest_is_told() -> None:
    found = find_benchmark(None, COMPANY, TESTED_ON, COMMAND)
    missing = "no backtest of this source was made"
    assert found == Benchmark(missing_because=missing, command=COMMAND)


@pytest.mark.parametrize(("customers", "is_same"), [(1200, True), (1201, False), (799, False)])
def test_a_company_may_grow_by_a_fifth_before_it_is_another(customers: int, is_same: bool) -> None:
    found = benchmark_of(figure(date(2026, 1, 1), 0.75), customers=customers)
    assert (found.auc is not None) == is_same


def test_another_question_is_other_data() -> None:
    found = benchmark_of(figure(date(2026, 1, 1), 0.75), outcome_days=84)
    assert found.missing_because == ("the backtest is of other data (outcome_days: 28, now 84)")

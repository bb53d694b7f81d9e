"""Backtest benchmark: the best AUC that the procedure reached at an earlier date of this company.

Only dates before the test count. A leak of the last snapshot alone would stand in the backtest of
that snapshot too, and raise the bar for itself.
"""

from dataclasses import dataclass, replace
from datetime import date

from pipeline.foundation.contracts.hand_overs.backtest_study import BacktestStudy, RunOrigin
from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.promotion_verdict import BacktestBenchmark
from pipeline.statistics.bootstrap import Interval

SAME_SIZE = 0.2
"""A company that has grown or shrunk by a greater share since the backtest is another one."""


@dataclass(frozen=True)
class Benchmark:
    """The date at which the procedure may have ranked best, or why none can be named."""

    as_of_date: date | None = None
    auc: Interval | None = None
    missing_because: str | None = None
    """In words that follow a colon."""
    command: str = ""
    """What makes a new backtest."""

    def to_document(self) -> BacktestBenchmark:
        """Return the benchmark as it is handed over."""
        auc = None if self.auc is None else Figure(**self.auc.to_json())
        return BacktestBenchmark(
            as_of_date=self.as_of_date, auc=auc, missing_because=self.missing_because
        )


def find_benchmark(
    study: BacktestStudy | None, made_from: RunOrigin, tested_on: date, command: str
) -> Benchmark:
    """Return the best date of a backtest, by the upper end of the confidence interval of its AUC.

    Args:
        study: the backtest; None where there is none.
        made_from: what this run was made from.
        tested_on: the as-of date of the out-of-time test; earlier dates count.
        command: what makes a new backtest.
    """
    unknown = Benchmark(command=command)
    if study is None:
        return replace(unknown, missing_because="no backtest of this source was made")
    changed = _changes(study.made_from, made_from)
    if changed:
        return replace(unknown, missing_because=f"the backtest is of other data ({changed})")
    earlier = [
        (Interval(one.value, one.low, one.high), one.as_of_date)
        for one in study.auc
        if one.as_of_date < tested_on and one.high is not None
    ]
    if not earlier:
        return replace(unknown, missing_because=f"the backtest has no date before {tested_on}")
    auc, day = max(earlier, key=lambda found: (found[0].high or 0.0, found[1]))
    return Benchmark(day, auc, command=command)


def _changes(then: RunOrigin, now: RunOrigin) -> str:
    """Say in what two runs differ; customers may come and go."""
    before, after = then.model_dump(), now.model_dump()
    names = sorted(name for name in {*before} - {"customers"} if before[name] != after[name])
    found = [f"{name}: {before[name]}, now {after[name]}" for name in names]
    if abs(now.customers - then.customers) > SAME_SIZE * then.customers:
        found.append(f"customers: {then.customers:,}, now {now.customers:,}")
    return "; ".join(found)

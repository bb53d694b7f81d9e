"""What the backtest found before the test: how good a model of this company was ever seen to be.

Only dates before the test count. A leak of the last snapshot alone would stand in the backtest of
that snapshot too, and raise the bar for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipeline.statistics.bootstrap import Interval

SAME_SIZE = 0.2
"""A company that has grown or shrunk by a greater share since the backtest is another one."""


@dataclass(frozen=True)
class Past:
    """The date at which the procedure may have ranked best, or why none can be named."""

    as_of_date: str | None = None
    auc: Interval | None = None
    obstacle: str | None = None
    """Why no backtest was asked, in words that follow a colon."""
    command: str = ""
    """What asks it."""

    def to_json(self) -> dict[str, Any]:
        """Return what was found as it is written."""
        return {
            "as_of_date": self.as_of_date,
            "auc": None if self.auc is None else self.auc.to_json(),
            "obstacle": self.obstacle,
        }


def read_past(
    written: Mapping[str, Any] | None,
    made_from: Mapping[str, Any],
    tested_on: str,
    command: str,
) -> Past:
    """Return the best date of a backtest, by what its AUC may have been at most.

    Args:
        written: the backtest's facts, `made_from` and `auc` among them; None where there are none.
        made_from: what this run was made from, in the same words.
        tested_on: the earliest as-of date of the out-of-time test; earlier dates count.
        command: what makes a new backtest.
    """
    unknown = Past(command=command)
    if written is None:
        return replace(unknown, obstacle="no backtest of this source was made")
    changed = _changes(written.get("made_from", {}), made_from)
    if changed:
        return replace(unknown, obstacle=f"the backtest is of other data ({changed})")
    earlier = [
        (Interval(one["value"], one["low"], one["high"]), str(one["as_of_date"]))
        for one in written["auc"]
        if one["as_of_date"] < tested_on and one["high"] is not None
    ]
    if not earlier:
        return replace(unknown, obstacle=f"the backtest has no date before {tested_on}")
    auc, day = max(earlier, key=lambda found: (found[0].high or 0.0, found[1]))
    return Past(day, auc, command=command)


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Say in what two runs differ; customers may come and go."""
    names = sorted(
        name for name in {*then, *now} - {"customers"} if then.get(name) != now.get(name)
    )
    told = [
        f"{name}: {then.get(name, 'unknown')}, now {now.get(name, 'unknown')}" for name in names
    ]
    before, after = then.get("customers", 0), now.get("customers", 0)
    if abs(after - before) > SAME_SIZE * before:
        told.append(f"customers: {before:,}, now {after:,}")
    return "; ".join(told)

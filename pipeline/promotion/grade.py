"""How much better than the best simple rule a model is, as one letter.

A simple rule is what a company has without a model: a filter and a sort. A logistic regression on
all features is none; the gate holds a challenger against it all the same.
The letter goes by the number of responders in the best tenth, model over rule, and by what that
ratio surely is, not by what it happens to be: here, and nowhere else, the letters are defined.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.evaluation.metrics import column_of
from pipeline.evaluation.replicates import Replicates

FIGURE = "gain_at_10"
GRADES: tuple[tuple[str, float, str], ...] = (
    ("A", 1.5, "much better than the best simple rule"),
    ("B", 1.2, "better than the best simple rule"),
    ("C", 0.0, "hardly better than the best simple rule in its best tenth"),
)
REFUSED = "refused"


@dataclass(frozen=True)
class Grade:
    """The letter, and why."""

    letter: str
    in_words: str
    best_simple_rule: str
    times_as_many: float | None
    surely: float | None

    def to_json(self) -> dict[str, Any]:
        """Return the grade as it is written."""
        return vars(self).copy()


def grade(
    measured: Replicates,
    challenger: str,
    simple_rules: Sequence[str],
    *,
    confidence: float,
    is_passed: bool,
) -> Grade:
    """Grade a challenger; one that the gate refuses has no letter, however good it looks."""
    column = column_of(FIGURE)
    best = max(simple_rules, key=lambda name: (_finite(measured.point[name][column]), name))
    with np.errstate(divide="ignore", invalid="ignore"):
        times = float(measured.point[challenger][column] / measured.point[best][column])
        drawn = measured.drawn[challenger][:, column] / measured.drawn[best][:, column]
    known = drawn[np.isfinite(drawn)]
    if not np.isfinite(times) or len(known) == 0:
        return _undefined(best, is_passed=is_passed)
    surely = float(np.quantile(known, 1 - confidence))
    letter, least, words = next(one for one in GRADES if surely >= one[1])
    compared = (
        f"its best tenth holds {times:.2f} times as many responders as that of {best}, surely "
        f"{surely:.2f} times"
    )
    if is_passed:
        told = f"Grade {letter}, {words}: {compared} ({letter} asks for {least:g})."
    else:
        letter, told = REFUSED, f"Refused, so no grade counts: {compared}, if that can be believed."
    return Grade(letter, told, best, round(times, 4), round(surely, 4))


def _undefined(best: str, *, is_passed: bool) -> Grade:
    letter = GRADES[-1][0] if is_passed else REFUSED
    return Grade(letter, f"{best} reaches nobody to compare with.", best, None, None)


def _finite(value: float) -> float:
    return float(value) if np.isfinite(value) else -1.0

"""How much better than the best simple rule a model is, as one letter.

A simple rule is what a company has without a model: a filter and a sort. A logistic regression on
all features is none; the gate holds a challenger against it all the same.
The letter goes by the number of responders in the top decile, model over rule, and by the lower
confidence bound of that ratio, not by its estimate: here, and nowhere else, letters are defined.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from pipeline.evaluation.metrics import column_of
from pipeline.evaluation.replicates import Replicates
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionGrade

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
    at_least: float | None
    """The lower confidence bound of `times_as_many`."""

    def to_document(self) -> PromotionGrade:
        """Return the grade as it is handed over."""
        return PromotionGrade(**asdict(self))


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
    at_least = float(np.quantile(known, 1 - confidence))
    letter, least, words = next(one for one in GRADES if at_least >= one[1])
    compared = (
        f"its best tenth holds {times:.2f} times as many responders as that of {best}, at "
        f"least {at_least:.2f} times with confidence {confidence:g}"
    )
    if is_passed:
        told = f"Grade {letter}, {words}: {compared} ({letter} asks for {least:g})."
    else:
        letter, told = REFUSED, f"Refused, so no grade counts: {compared}, if that can be believed."
    return Grade(letter, told, best, round(times, 4), round(at_least, 4))


def _undefined(best: str, *, is_passed: bool) -> Grade:
    letter = GRADES[-1][0] if is_passed else REFUSED
    return Grade(letter, f"{best} reaches nobody to compare with.", best, None, None)


def _finite(value: float) -> float:
    return float(value) if np.isfinite(value) else -1.0

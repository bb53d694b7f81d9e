import numpy as np
import pytest

from pipeline.evaluation.metrics import FIGURES, column_of
from pipeline.evaluation.replicates import Replicates
from pipeline.promotion.grade import FIGURE, Grade, grade


def gains(**reached: float) -> Replicates:
    """Return scorers whose best tenth holds so many of the responders, in every draw."""
    point = {}
    for name, value in reached.items():
        figures = np.full(len(FIGURES), 0.5)
        figures[column_of(FIGURE)] = value
        point[name] = figures
    return Replicates(point, {name: np.tile(one, (40, 1)) for name, one in point.items()})


def graded(model: float, *, is_passed: bool = True, rule: float = 0.2) -> Grade:
    figures = gains(model=model, rfm=rule, recency=0.1)
    return grade(figures, "model", ["rfm", "recency"], confidence=0.95, is_passed=is_passed)


@pytest.mark.parametrize(("model", "letter"), [(0.31, "A"), (0.29, "B"), (0.25, "B"), (0.23, "C")])
def test_the_letter_goes_by_responders_over_the_best_rule(model: float, letter: str) -> None:
    found = graded(model)
    assert found.letter == letter
    assert found.best_simple_rule == "rfm"
    assert found.times_as_many == pytest.approx(model / 0.2)


def test_a_good_day_is_not_enough_for_a_letter() -> None:
    figures = gains(model=0.4, rfm=0.2)
    figures.drawn["model"][:10, column_of(FIGURE)] = 0.25  # in a quarter of the draws
    found = grade(figures, "model", ["rfm"], confidence=0.95, is_passed=True)
    assert (found.letter, found.times_as_many, found.at_least) == ("B", 2.0, 1.25)


def test_a_refused_model_has_no_letter() -> None:
    found = graded(0.9, is_passed=False)
    assert found.letter == "refused"
    assert found.in_words.startswith("Refused")


def test_a_rule_that_reaches_nobody_gives_the_lowest_letter() -> None:
    figures = gains(model=0.9, rfm=0.0)
    found = grade(figures, "model", ["rfm"], confidence=0.95, is_passed=True)
    assert (found.letter, found.times_as_many) == ("C", None)

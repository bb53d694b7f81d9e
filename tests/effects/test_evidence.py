import numpy as np
import pytest

from pipeline.effects.evidence import equations, evidence_of, no_evidence
from tests.effects.tables import compared


def test_the_equations_are_those_worked_out_by_hand() -> None:
    # Treated: W (1 − e) v = .75 · .16; lean · residual = .75 · .8. Untreated: −.25 · −.2.
    rows = compared([1, 0], [0.25, 0.25], [1, 0], [0.2, 0.2])
    information, score = equations(rows, np.ones((2, 1)))
    assert information[0, 0] == pytest.approx(0.75 * 0.16)
    assert score[0] == pytest.approx(0.75 * 0.8 + 0.25 * 0.2)


def test_rows_that_come_in_fours_tell_a_quarter_of_what_they_seem_to() -> None:
    rng = np.random.default_rng(1)
    treated = rng.integers(0, 2, 4000).astype(float)
    outcomes = (rng.random(4000) < 0.2).astype(float)
    four = [list(np.repeat(values, 4)) for values in (treated, outcomes)]
    rows = compared(four[0], [0.5] * 16000, four[1], [0.2] * 16000)
    owned = compared(
        four[0], [0.5] * 16000, four[1], [0.2] * 16000, groups=list(np.repeat(range(4000), 4))
    )
    design = np.ones((16000, 1))
    alone, together = evidence_of(rows, design), evidence_of(owned, design)
    assert alone.precision[0, 0] / together.precision[0, 0] == pytest.approx(4, rel=0.1)


def test_no_rows_say_nothing() -> None:
    nothing = evidence_of(compared([], [], [], []), np.ones((0, 2)))
    assert (nothing.precision == no_evidence(2).precision).all()

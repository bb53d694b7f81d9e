import numpy as np
import pytest

from pipeline.effects.relative import effect_at


def test_odds_of_2_to_98_raised_by_half_are_3_to_98() -> None:
    assert effect_at(np.array([0.02]), np.array([0.5]))[0] == pytest.approx(3 / 101 - 0.02)


def test_an_effect_takes_no_more_than_there_is() -> None:
    assert effect_at(np.array([0.3]), np.array([-4.0]))[0] > -0.3

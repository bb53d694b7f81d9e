import numpy as np
import pytest

from pipeline.foundation.errors import ConfigurationError
from pipeline.statistics.power import (
    control_share_for_precision,
    exploration_share_for_precision,
)


def test_the_share_of_controls_for_a_precision_is_worked_out_by_hand() -> None:
    # 0.09 x 1.96^2 / (10,000 x 0.02^2) = 0.0864; (1 - sqrt(1 - 0.3457)) / 2.
    assert control_share_for_precision(0.1, 10_000, 0.02, 0.95) == pytest.approx(0.0956, abs=1e-4)
    assert control_share_for_precision(0.1, 10_000, 0.01, 0.95) is None


def test_the_share_of_controls_gives_the_precision_that_was_asked_for() -> None:
    found = control_share_for_precision(0.05, 40_000, 0.008, 0.95)
    assert found is not None
    random = np.random.default_rng(1)
    controls, treated = int(40_000 * found), int(40_000 * (1 - found))
    drawn = random.binomial(treated, 0.05, 4000) / treated
    drawn = drawn - random.binomial(controls, 0.05, 4000) / controls
    assert np.mean(np.abs(drawn) < 0.008) == pytest.approx(0.95, abs=0.015)


def test_the_share_to_explore_is_worked_out_by_hand() -> None:
    # (0.03 / 1.96)^2 - 0.09 / 5,000 = 0.0002163; 0.09 / 0.0002163 = 416 for each of five contacts.
    found = exploration_share_for_precision(0.1, 10_000, 5, 0.03, 0.95, control_share=0.5)
    assert found == pytest.approx(0.208, abs=1e-3)
    assert exploration_share_for_precision(0.1, 10_000, 5, 0.03, 0.95, control_share=0.02) is None
    assert exploration_share_for_precision(0.1, 10_000, 50, 0.03, 0.95, control_share=0.5) is None


def test_without_responses_no_precision_can_be_planned() -> None:
    with pytest.raises(ConfigurationError, match="above 0 and below 1"):
        control_share_for_precision(0.0, 1000, 0.01, 0.95)

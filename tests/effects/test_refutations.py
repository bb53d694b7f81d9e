import numpy as np
import pytest

from pipeline.effects.comparison import compare_arms
from pipeline.effects.doubly_robust import Estimate, relative_effect
from pipeline.effects.nuisance import Fitting
from pipeline.effects.refutations import (
    bias_of,
    e_value,
    judge_placebo,
    permute_treatment,
)
from tests.effects.tables import confounded


def test_e_values_are_those_of_the_paper() -> None:
    assert e_value(2.0) == pytest.approx(2 + np.sqrt(2))
    assert e_value(0.5) == e_value(2.0)
    assert e_value(1.0) == 1.0


def test_a_placebo_that_shows_more_than_half_of_the_effect_refutes_it() -> None:
    main = Estimate(0.2, 0.04)
    assert judge_placebo("before", main, Estimate(0.15, 0.05)).verdict == "failed"
    assert judge_placebo("before", main, Estimate(0.08, 0.03)).verdict == "passed"
    assert judge_placebo("before", main, Estimate(0.15, 0.3)).verdict == "says little"


def test_a_bias_that_placebos_show_is_what_is_beyond_their_errors() -> None:
    found = judge_placebo("before", Estimate(0.5, 0.1), Estimate(0.13, 0.05))
    assert bias_of([found]) == pytest.approx(0.12)  # √(.13² − .05²)
    assert bias_of([judge_placebo("before", Estimate(0.5, 0.1), Estimate(0.03, 0.05))]) == 0


def test_permuted_treatments_have_no_effect() -> None:
    rows = compare_arms(confounded(2, 0.5)[0], Fitting(1))[0]
    assert permute_treatment(rows, relative_effect(rows), seed=1).verdict == "passed"

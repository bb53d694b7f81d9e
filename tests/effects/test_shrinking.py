import numpy as np
import pytest

from pipeline.effects.design import TRAIT
from pipeline.effects.evidence import Evidence, no_evidence
from pipeline.effects.shrinking import Prior, allow_for_bias, combine


def test_without_evidence_the_prior_stands() -> None:
    found = combine(["everybody", "arm"], Prior(0.1, 0.2), no_evidence(2), no_evidence(2))
    assert found.coefficients == pytest.approx([0.1, 0.0])
    assert found.covariance[0, 0] == pytest.approx(0.04)


def test_without_evidence_a_level_deviates_by_half_of_the_assumed_effect() -> None:
    # Half of .08 for an arm; of four traits, which add up in a person, a half of that each.
    levels = ["everybody", "arm", "arm", TRAIT, TRAIT, TRAIT, TRAIT]
    found = combine(levels, Prior(0.08, 0.15), no_evidence(7), no_evidence(7))
    assert found.deviations == pytest.approx({"arm": 0.04, TRAIT: 0.02})
    assert np.sqrt(np.diag(found.covariance)[3:].sum()) == pytest.approx(0.04)


def test_where_no_effect_is_assumed_levels_deviate_by_half_of_its_doubt() -> None:
    found = combine(["everybody", "arm"], Prior(0.0, 0.2), no_evidence(2), no_evidence(2))
    assert found.deviations == pytest.approx({"arm": 0.1})


def test_evidence_is_weighed_by_its_precision() -> None:
    # Prior .1 with variance .04, estimate .3 with variance .01: (.1 · 25 + .3 · 100) / 125.
    drawn = Evidence(np.array([[100.0]]), np.array([30.0]))
    found = combine(["everybody"], Prior(0.1, 0.2), no_evidence(1), drawn)
    assert found.coefficients[0] == pytest.approx((0.1 * 25 + 0.3 * 100) / 125)


def test_a_bias_widens_observational_evidence_by_its_variance() -> None:
    seen = allow_for_bias(Evidence(np.array([[100.0]]), np.array([30.0])), 0.1)
    assert seen.precision[0, 0] == pytest.approx(50.0)
    assert seen.score[0] == pytest.approx(15.0)


def test_what_is_shared_by_all_cannot_be_told_from_bias_but_differences_can() -> None:
    design = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
    precision = 1e6 * design.T @ design
    seen = Evidence(precision, precision @ np.array([0.5, 0.1, -0.1]))
    levels = ["everybody", "arm", "arm"]
    found = combine(levels, Prior(0.0, 0.1), seen, no_evidence(3), bias=10.0)
    assert abs(found.coefficients[0]) < 0.02
    assert found.coefficients[1] - found.coefficients[2] == pytest.approx(0.2, abs=0.01)

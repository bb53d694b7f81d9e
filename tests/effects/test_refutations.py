from dataclasses import replace

import numpy as np
import pytest

from pipeline.effects.comparison import Comparisons, compare_arms
from pipeline.effects.doubly_robust import Estimate, relative_effect
from pipeline.effects.nuisance import Fitting
from pipeline.effects.refutations import (
    bias_after_draws,
    bias_of,
    e_value,
    judge_placebo,
    permute_treatment,
)
from tests.effects.tables import compared, confounded


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


def repeated(groups: int, times: int) -> Comparisons:
    """Return rows of customers who do the same each time, one in three treated in no order."""
    acts = np.repeat(np.random.default_rng(4).random(groups) < 0.5, times)
    count = groups * times
    return compared(
        treated=[float(place % 3 == 0) for place in range(count)],
        probability=[1 / 3] * count,
        outcomes=acts.astype(np.float64).tolist(),
        baseline=[0.5] * count,
        groups=np.repeat(np.arange(groups), times).tolist(),
    )


def test_one_permutation_in_twenty_is_significant_where_customers_come_again_and_again() -> None:
    rows = repeated(groups=300, times=9)
    told = permute_treatment(rows, Estimate(0.5, 0.1), seed=3).reason
    alarms = int(told.split(" of 200 permutations")[0])
    assert 2 <= alarms <= 19  # ten are expected


def test_errors_that_take_the_rows_of_a_customer_apart_are_too_small() -> None:
    rows = repeated(groups=300, times=9)
    random = np.random.default_rng(5)
    alarms = np.zeros(2, dtype=np.int64)
    for _ in range(100):
        luck = random.random(300)[rows.groups]
        drawn = rows.treated_as((luck < 1 / 3).astype(np.float64), rows.probability)
        apart = replace(drawn, groups=np.arange(len(rows)))
        alarms += [relative_effect(one).is_significant for one in (drawn, apart)]
    assert alarms[0] <= 12
    assert alarms[1] > 40  # errors a third of what they should be


def test_a_small_wave_that_differs_by_chance_leaves_what_was_observed_its_weight() -> None:
    seen = Estimate(0.29, 0.036)
    assert bias_after_draws(0.05, seen, Estimate(0.29, 0.14)) == 0.05
    # Two standard errors apart: √(.29² − .036² − .141²) = .25 would explain all of it.
    assert 0.05 < bias_after_draws(0.05, seen, Estimate(0.0, 0.141)) < 0.1


def test_many_draws_that_differ_overrule_what_placebos_showed() -> None:
    found = bias_after_draws(0.05, Estimate(0.9, 0.03), Estimate(0.0, 0.02))
    assert 0.6 < found < 0.9


def test_the_surer_the_draws_the_more_the_same_gap_says_of_bias() -> None:
    seen = Estimate(0.3, 0.03)
    found = [bias_after_draws(0.05, seen, Estimate(0.0, error)) for error in (0.2, 0.1, 0.05, 0.02)]
    assert found == sorted(found)
    assert found[-1] > 2 * found[0]

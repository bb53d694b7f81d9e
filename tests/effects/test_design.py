import numpy as np
import pandas as pd
import pytest

from pipeline.effects.design import TraitScale, make_design, scale_traits


def test_each_row_has_everybodys_column_its_arms_its_strata_and_its_traits() -> None:
    design = make_design(("a", "b"), {"model": ("up", "cross")}, (TraitScale("x", 10.0, 2.0),))
    found = design.matrix(
        np.array([2, 1]),
        {"model": np.array([0, -1])},
        pd.DataFrame({"x": [12.0, np.nan]}),
    )
    # everybody, a, b, up, cross, x in deviations: an unknown stratum and a missing trait add nothing
    assert found.tolist() == [[1, 0, 1, 1, 0, 1.0], [1, 1, 0, 0, 0, 0.0]]


def test_a_far_value_counts_as_three_deviations() -> None:
    design = make_design((), {}, (TraitScale("x", 0.0, 1.0),))
    found = design.matrix(np.array([0]), {}, pd.DataFrame({"x": [50.0]}))
    assert found[0, 1] == 3.0


def test_a_trait_that_does_not_vary_is_left_out() -> None:
    traits = pd.DataFrame({"same": [1.0, 1.0], "empty": [np.nan] * 2, "x": [1.0, 3.0]})
    scales = scale_traits(traits, np.ones(2))
    assert [(scale.name, scale.mean, scale.deviation) for scale in scales] == [("x", 2.0, 1.0)]
    assert scale_traits(traits, np.array([3.0, 1.0]))[0].mean == pytest.approx(1.5)

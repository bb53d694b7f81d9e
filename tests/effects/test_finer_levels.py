from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.effects.comparison import Comparisons
from pipeline.effects.design import make_design, scale_traits
from pipeline.effects.finer_levels import gain_out_of_time
from pipeline.effects.shrinking import Prior
from tests.effects.tables import compared


def drawn(slope: float, seed: int) -> Comparisons:
    """Return six periods of drawn treatments whose effect grows with a trait."""
    rng = np.random.default_rng(seed)
    count = 30_000
    openness = rng.normal(size=count)
    treated = rng.integers(0, 2, count).astype(float)
    share = np.maximum(0.3 + slope * openness, -0.9)
    outcomes = (rng.random(count) < 0.1 * (1 + treated * share * 0.9)).astype(float)
    rows = compared(list(treated), [0.5] * count, list(outcomes), [0.1] * count)
    return replace(
        rows,
        periods=np.arange(count) % 6,
        traits=pd.DataFrame({"openness": openness, "noise": rng.normal(size=count)}),
    )


def gain_of_person(slope: float, seed: int) -> bool:
    rows = drawn(slope, seed)
    finer = make_design(("a",), {}, scale_traits(rows.traits, rows.weights))
    coarser = make_design(("a",), {})
    return gain_out_of_time(rows, finer, coarser, Prior(0.1, 0.3), "person").enters


def test_a_trait_enters_where_it_tells_later_effects_apart() -> None:
    assert gain_of_person(0.5, 1)


def test_a_trait_without_a_part_in_the_effect_seldom_enters() -> None:
    assert sum(gain_of_person(0.0, seed) for seed in range(8)) <= 2


def test_with_fewer_than_three_periods_nothing_can_be_shown() -> None:
    rows = replace(drawn(0.5, 1), periods=np.zeros(30_000, dtype=np.int64))
    finer = make_design(("a",), {}, scale_traits(rows.traits, rows.weights))
    found = gain_out_of_time(rows, finer, make_design(("a",), {}), Prior(0.1, 0.3), "person")
    assert not found.enters
    assert found.periods == 0

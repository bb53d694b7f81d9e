"""Randomised evidence: who was drawn to be treated and who not, whatever happened after the draw.

Intention to treat. The probability of treatment is the one that was drawn with, so the effect is
unbiased whatever the expected outcome without treatment says; that only narrows the interval.
Older evidence counts less, for effects change: half after `HALF_LIFE_DAYS`.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.effects.comparison import Comparisons
from pipeline.statistics.arrays import Floats, Ints

HALF_LIFE_DAYS = 365.0
_NEAR_0 = 1e-5


def randomised_rows(
    *,
    arm: Ints,
    treated: Floats,
    probability: Floats,
    baseline: Floats,
    outcomes: Floats,
    groups: Ints,
    periods: Ints,
    age_days: Floats,
    levels: Mapping[str, Ints],
    traits: pd.DataFrame | None = None,
) -> Comparisons:
    """Return drawn rows as comparisons.

    Args:
        arm: 1 and up: what a treated row had, and an untreated one would have had.
        treated: 0 or 1, as drawn.
        probability: with which a row was drawn to be treated, between 0 and 1.
        baseline: expected outcome without treatment.
        outcomes: 0 or 1.
        groups: what was drawn as one, such as households.
        periods: when, a larger number later.
        age_days: of the evidence.
        levels: strata codes.
        traits: known before the draw.
    """
    return Comparisons(
        rows=np.arange(len(arm), dtype=np.int64),
        arm=arm,
        treated=treated,
        probability=probability,
        baseline=np.clip(baseline, _NEAR_0, 1 - _NEAR_0),
        outcomes=outcomes,
        weights=np.power(0.5, age_days / HALF_LIFE_DAYS),
        groups=groups,
        periods=periods,
        cells=periods,
        levels=levels,
        traits=traits,
    )

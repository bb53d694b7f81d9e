"""Randomised evidence: who was drawn to be treated and who not, whatever happened after the draw.

Intention to treat. The probability of treatment is the one that was drawn with, so the effect is
unbiased whatever the expected outcome without treatment says; that only narrows the interval.
Older evidence counts less, for effects change: half after `HALF_LIFE_DAYS`.

What was offered is itself drawn, mostly the policy's choice, now and then any other. Rows are
weighted by the inverse probability of what was offered, so that the evidence speaks of all that may
be offered and not of what the policy likes alone (Horvitz and Thompson, 1952). Rare offers would
then drown the others: weights are cut off where the rows would be worth less than half their number
(truncation: Cole and Hernan, 2008; worth: Kish, 1965).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.effects.comparison import Comparisons
from pipeline.statistics.arrays import Floats, Ints

HALF_LIFE_DAYS = 365.0
LEAST_WORTH = 0.5
"""Of the rows' number: what the weighted rows must still be worth."""
_NEAR_0 = 1e-5
_HALVINGS = 50


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
    offered: Floats | None = None,
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
        offered: probability with which the row was given this arm to be drawn for; NaN where it is
            not known, which counts as certain.
    """
    chosen = np.ones(len(arm)) if offered is None else np.nan_to_num(offered, nan=1.0)
    return Comparisons(
        rows=np.arange(len(arm), dtype=np.int64),
        arm=arm,
        treated=treated,
        probability=probability,
        baseline=np.clip(baseline, _NEAR_0, 1 - _NEAR_0),
        outcomes=outcomes,
        weights=np.power(0.5, age_days / HALF_LIFE_DAYS) * truncated_inverse(chosen),
        groups=groups,
        periods=periods,
        cells=periods,
        levels=levels,
        traits=traits,
    )


def truncated_inverse(probability: Floats) -> Floats:
    """Return inverse probabilities of mean 1, the largest cut off so that rows keep their worth.

    Example:
        98 rows of probability 1 and two of .01: a weight c of the two makes all rows worth
        (98 + 2c)² / (98 + 2c²), which is 50, half their number, at c = 9.33.
    """
    inverse = 1 / np.maximum(probability, _NEAR_0)
    if len(inverse) == 0 or _worth(inverse) >= LEAST_WORTH:
        return inverse / inverse.mean() if len(inverse) else inverse
    low, high = float(inverse.min()), float(inverse.max())
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _worth(np.minimum(inverse, middle)) >= LEAST_WORTH:
            low = middle
        else:
            high = middle
    cut = np.minimum(inverse, low)
    return np.asarray(cut / cut.mean(), dtype=np.float64)


def _worth(weights: Floats) -> float:
    """Return Kish's effective number of rows as a share of their number."""
    return float(weights.sum() ** 2 / (weights**2).sum() / len(weights))

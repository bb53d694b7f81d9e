"""Balance of covariates between treated and untreated, before and after weighting.

Standardised mean differences; below .1 counts as balanced (Austin, 2009). Weights are those under
which the relative effect is estimated: 1 − e for the treated, e for the untreated (overlap weights;
Li, Morgan and Zaslavsky, 2018). A text is compared by the share of each value, up to ten values.

A difference has an error: √(1/n₁ + 1/n₀), with the rows that the weighted ones of each side are
worth (Kish) and a value is known of. A covariate counts as unbalanced where its difference is
surely above .1, at 5% over all covariates together (Bonferroni): among two hundred covariates of a
small company some lie beyond .1 by chance, and those known of few rows most of all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from pipeline.effects.comparison import Comparisons
from pipeline.models.estimators.encoding import Encoded
from pipeline.statistics.arrays import Floats, sample_rows

BALANCED = 0.1
FALSE_ALARMS = 0.05
"""Of all covariates together: how often one is said to be unbalanced that is not."""
MAX_VALUES = 10
MAX_ROWS = 20_000


@dataclass(frozen=True)
class Balance:
    """Absolute standardised mean differences over all covariates."""

    covariates: int
    largest_before: float
    largest_after: float
    unbalanced_before: int
    """Differences that are surely above .1."""
    unbalanced_after: int
    worst: str
    """The covariate that is farthest from balance after weighting, its error allowed for."""


@dataclass(frozen=True)
class _Difference:
    """An absolute standardised mean difference and its standard error."""

    value: float
    error: float


def balance(rows: Comparisons, covariates: Encoded) -> Balance | None:
    """Return the balance of all covariates; None where there are no rows or no covariates."""
    if len(rows) == 0 or not covariates.columns:
        return None
    rows = rows.take(sample_rows(np.arange(len(rows)), MAX_ROWS, seed=0))
    before: list[_Difference] = []
    after: list[_Difference] = []
    names = []
    overlap = np.where(rows.treated == 1, 1 - rows.probability, rows.probability)
    for position, column in enumerate(covariates.columns):
        values = covariates.matrix[rows.rows, position].astype(np.float64)
        for part in _parts(values, is_text=column.is_text):
            spread = _spread(part, rows)
            before.append(_difference(part, rows, rows.weights, spread))
            after.append(_difference(part, rows, rows.weights * overlap, spread))
            names.append(column.name)
    sure = _surely(after)
    return Balance(
        covariates=len(covariates.columns),
        largest_before=round(max(one.value for one in before), 4),
        largest_after=round(max(one.value for one in after), 4),
        unbalanced_before=int((_surely(before) > BALANCED).sum()),
        unbalanced_after=int((sure > BALANCED).sum()),
        worst=names[int(np.argmax(sure))],
    )


def _surely(differences: Sequence[_Difference]) -> Floats:
    """Return what each difference surely is at least, all of them together."""
    reach = float(norm.isf(FALSE_ALARMS / (2 * len(differences))))
    return np.array([one.value - reach * one.error for one in differences])


def _parts(values: Floats, *, is_text: bool) -> list[Floats]:
    if not is_text:
        return [values]
    codes = np.unique(values[np.isfinite(values)])[:MAX_VALUES]
    return [(values == code).astype(np.float64) for code in codes]


def _spread(values: Floats, rows: Comparisons) -> float:
    """Return the standard deviation within the two sides, pooled, before weighting."""
    variances = [_moments(values, rows.weights * (rows.treated == side))[1] for side in (0.0, 1.0)]
    return float(np.sqrt(np.mean(variances)))


def _difference(values: Floats, rows: Comparisons, weights: Floats, spread: float) -> _Difference:
    sides = [weights * (rows.treated == side) for side in (1.0, 0.0)]
    treated, untreated = (_moments(values, side)[0] for side in sides)
    error = float(np.sqrt(sum(1 / max(_worth(values, side), 1.0) for side in sides)))
    return _Difference(abs(treated - untreated) / spread if spread > 0 else 0.0, error)


def _worth(values: Floats, weights: Floats) -> float:
    """Return how many rows the weighted ones with a value are worth (Kish)."""
    known = weights[np.isfinite(values)]
    return float(known.sum() ** 2 / (known**2).sum()) if known.any() else 0.0


def _moments(values: Floats, weights: Floats) -> tuple[float, float]:
    """Return the weighted mean and variance of the values that are there."""
    known = np.isfinite(values) & (weights > 0)
    if not known.any():
        return 0.0, 0.0
    mean = float(np.average(values[known], weights=weights[known]))
    return mean, float(np.average((values[known] - mean) ** 2, weights=weights[known]))

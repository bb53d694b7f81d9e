"""Labelled rows as every model and every figure takes them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.statistics.arrays import Floats, Ints, dot

ENOUGH_NEGATIVES = 10
"""For each positive: more cost time and tell hardly anything new. See docs/findings.md."""


@dataclass(frozen=True)
class Examples:
    """What was known of each row, what happened, how much it counts, and whose it is.

    Weights other than 1 stand for rows of the same label that were left out by sampling.
    Rows of one group are not independent: folds and intervals keep them together.
    """

    features: pd.DataFrame
    labels: npt.NDArray[np.integer] | Floats
    weights: Floats
    groups: npt.NDArray[np.integer]
    periods: Ints | None = None
    """When each row was asked, a larger number later; None where the rows have no order in time."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.labels)

    @property
    def positives(self) -> int:
        """Return the number of rows whose label is 1."""
        return int(np.count_nonzero(self.labels))

    @property
    def base_rate(self) -> float:
        """Return the weighted share of positives."""
        return dot(self.weights, self.labels.astype(np.float64)) / float(self.weights.sum())

    @property
    def prior_rate(self) -> float:
        """Return the base rate, kept half an outcome away from never and always.

        Their log-odds would be infinite (the continuity correction of Haldane, 1956).
        """
        half = 0.5 / float(self.weights.sum())
        return float(np.clip(self.base_rate, half, 1 - half))

    def take(self, rows: Ints) -> "Examples":
        """Return some of the rows, in the order given."""
        return Examples(
            self.features.iloc[rows],
            self.labels[rows],
            self.weights[rows],
            self.groups[rows],
            None if self.periods is None else self.periods[rows],
        )

    def latest(self) -> "Examples | None":
        """Return the rows of the last period, if there are periods."""
        if self.periods is None:
            return None
        return self.take(np.flatnonzero(self.periods == self.periods.max()))


def sample_negatives(examples: Examples, max_rows: int, seed: int) -> Examples:
    """Sample negatives with inverse-probability weights; every weighted rate stays as it was.

    With room for 30 rows, of 10 positives and 90 negatives 20 negatives are drawn:

        label  rows before  rows kept  weight of each  weighted rows
        1           10          10           1.0             10
        0           90          20           4.5             90

    so the weighted base rate is 10 / 100 again, and a propensity needs no correction afterwards.

    Positives alone may exceed `max_rows`; then as many negatives as positives are kept.
    """
    if len(examples) <= max_rows:
        return examples
    negatives = np.flatnonzero(examples.labels == 0)
    kept_count = min(len(negatives), max(max_rows - examples.positives, examples.positives))
    drawn = np.random.default_rng(seed).choice(negatives, size=kept_count, replace=False)
    rows = np.sort(np.concatenate([np.flatnonzero(examples.labels == 1), drawn]))
    kept = examples.take(rows)
    is_negative = kept.labels == 0
    scale = examples.weights[negatives].sum() / kept.weights[is_negative].sum()
    return replace(kept, weights=np.where(is_negative, kept.weights * scale, kept.weights))


def apart(parts: Sequence[Examples]) -> Ints:
    """Return the groups of several parts, one after another, no group in two of them.

    Codes are given a part at a time, so that one code may be another customer elsewhere.
    """
    codes = [np.unique(part.groups, return_inverse=True)[1] for part in parts]
    starts = np.cumsum([0, *(code.max(initial=-1) + 1 for code in codes)])
    return np.concatenate([code + start for code, start in zip(codes, starts, strict=False)])

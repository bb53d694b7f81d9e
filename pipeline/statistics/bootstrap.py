"""Cluster bootstrap: groups drawn with replacement, the same draws for every scorer.

Rows of one customer are not independent, so customers are drawn, not rows. A draw is kept as how
often each group came up; a weighted sum over rows is then a sum over groups:

    group (customer)    a     b     c
    positives / rows   1/2   0/1   1/1     the rate of all rows: 2/4 = 0.50
    draw 1              2     0     1      (2·1 + 0·0 + 1·1) / (2·2 + 0·1 + 1·1) = 3/5 = 0.60
    draw 2              0     2     1      (0·1 + 2·0 + 1·1) / (0·2 + 2·1 + 1·1) = 1/3 = 0.33

The 95% confidence interval lies between the 2.5th and the 97.5th percentile of such rates. Equal
draws cancel what two scorers share, so their difference has a narrower interval than either.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipeline.statistics.arrays import Floats

INTERVAL = 0.95


@dataclass(frozen=True)
class Interval:
    """A point estimate with its 95% confidence interval; None where undefined."""

    value: float | None
    low: float | None
    high: float | None

    def to_json(self) -> dict[str, float | None]:
        """Return the interval as it is written."""
        return {"value": self.value, "low": self.low, "high": self.high}


def draw_groups(groups: int, replicates: int, seed: int) -> Iterator[Floats]:
    """Yield how often each group is drawn, for one replicate after another."""
    generator = np.random.default_rng(seed)
    for _ in range(replicates):
        chosen = generator.integers(groups, size=groups)
        yield np.bincount(chosen, minlength=groups).astype(np.float64)


def draw_matrix(groups: int, replicates: int, seed: int) -> Floats:
    """Return replicates × groups: the same draws all at once, for sums that need no sorting."""
    return np.stack(list(draw_groups(groups, replicates, seed)))


def interval_of(value: float, drawn: Floats) -> Interval:
    """Return a value and the percentiles of its replicates, to six decimals."""
    known = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or len(known) == 0:
        return Interval(None, None, None)
    edge = (1 - INTERVAL) / 2
    low, high = np.quantile(known, [edge, 1 - edge])
    return Interval(round(float(value), 6), round(float(low), 6), round(float(high), 6))


def basic_interval_of(value: float, drawn: Floats) -> Interval:
    """Return the basic interval of a mean gap, which drawing rows anew makes greater than it is.

    The replicates stand as far above the value as the value stands above the truth: they are
    mirrored at it ("basic" interval; Davison and Hinkley, 1997), kept at 0 or more, and widened to
    hold the value itself.
    """
    found = interval_of(value, drawn)
    if found.value is None or found.low is None or found.high is None:
        return found
    low, high = 2 * found.value - found.high, 2 * found.value - found.low
    return Interval(found.value, round(max(low, 0.0), 6), round(max(high, found.value), 6))

"""Cluster-bootstrap ratios by segment: two sums of each segment, one over the other.

A segment is any code from 0 on: a decile, a category, a declared group of customers. Since a draw
only says how often each group counts, all replicates are one product of draws and sums:

    sums of positives    segment 0  segment 1        draws     a  b  c
    group a                  1          0            first     2  0  1
    group b                  0          0
    group c                  0          1            first draw × sums = (2, 1)

The same product for the rows, and a division, is the first replicate of both segments' rates.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.statistics.arrays import Floats, Ints, sum_by_code
from pipeline.statistics.bootstrap import Interval, interval_of


@dataclass(frozen=True)
class SegmentSums:
    """Sums of some quantities."""

    point: Mapping[str, Floats]
    """Quantity → parts."""
    drawn: Mapping[str, Floats]
    """Quantity → replicates × parts."""

    def ratio(self, over: str, under: str) -> list[Interval]:
        """Return one quantity over another for each part; None where there is nothing to divide."""
        with np.errstate(divide="ignore", invalid="ignore"):
            point = self.point[over] / self.point[under]
            drawn = self.drawn[over] / self.drawn[under]
        return [interval_of(float(one), each) for one, each in zip(point, drawn.T, strict=True)]

    def double_ratio(self, over: tuple[str, str], under: tuple[str, str]) -> list[Interval]:
        """Return one ratio over another for each part."""
        with np.errstate(divide="ignore", invalid="ignore"):
            point = self._quotient(self.point, over) / self._quotient(self.point, under)
            drawn = self._quotient(self.drawn, over) / self._quotient(self.drawn, under)
        return [interval_of(float(one), each) for one, each in zip(point, drawn.T, strict=True)]

    @staticmethod
    def _quotient(sums: Mapping[str, Floats], names: tuple[str, str]) -> Floats:
        return sums[names[0]] / sums[names[1]]


def sum_by_segment(
    quantities: Mapping[str, Floats], parts: Ints, groups: Ints, draws: Floats
) -> SegmentSums:
    """Add quantities up by part.

    Args:
        quantities: a value for each row, by name; weights are in them already.
        parts: the part of each row, from 0 on; -1 belongs to none.
        groups: the group of each row, from 0 on.
        draws: replicates × groups, how often each group was drawn.
    """
    within = parts >= 0
    count = int(parts.max(initial=-1)) + 1
    cells = groups[within] * count + parts[within]
    point, drawn = {}, {}
    for name, values in quantities.items():
        flat = np.bincount(cells, values[within], minlength=draws.shape[1] * count)
        point[name] = sum_by_code(parts[within], values[within])
        drawn[name] = np.einsum("rg,gp->rp", draws, flat.reshape(-1, count))
    return SegmentSums(point, drawn)

"""Where a row stands among its own: rank, percentile and decile, 1 is the best everywhere."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.statistics.arrays import Floats, Ints, sum_by_code


@dataclass(frozen=True)
class Places:
    """One entry a row, in the order of the rows."""

    ranks: Ints
    """From 1; no two rows of a group share one."""
    percentiles: Ints
    """1 to 100: the top hundredth of the group is 1."""
    deciles: Ints


def place_within(groups: npt.NDArray[np.integer], scores: Floats) -> Places:
    """Rank rows within their groups, the highest score first; equal scores keep the rows' order."""
    order = np.lexsort((np.arange(len(scores)), -scores, groups))
    sizes = sum_by_code(groups, np.ones(len(groups))).astype(np.int64)
    starts = np.cumsum(sizes) - sizes
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[order] = np.arange(len(scores)) - starts[groups[order]] + 1
    of_group = sizes[groups]
    return Places(ranks, _part(ranks, of_group, 100), _part(ranks, of_group, 10))


def first_of_each(groups: npt.NDArray[np.integer], scores: Floats) -> Ints:
    """Return the row of the highest score of each group, sorted; of equal ones the first row."""
    order = np.lexsort((np.arange(len(scores)), -scores, groups))
    firsts = np.unique(groups[order], return_index=True)[1]
    return np.sort(order[firsts]).astype(np.int64)


def _part(ranks: Ints, sizes: Ints, parts: int) -> Ints:
    """Return the part of a group that a rank falls into, in whole numbers throughout."""
    return np.asarray(-(-ranks * parts // sizes), dtype=np.int64)

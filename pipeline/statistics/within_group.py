"""Rank, top percent and decile of a row within its group, and the best row of each: 1 is the best.

Ties are broken by keys, never by the order of the rows:

    row  group  score  key   rank  decile      the best of each group is row 1 in group 0
    0    0        0.4    7      2      10      and row 2 in group 1
    1    0        0.4    3      1       5
    2    1        0.1    5      1      10

Rows 0 and 1 tie on their score; the lower key goes first. Of two rows, rank 1 fills the first half
of the group, so its decile is 5; a group's last row always stands in decile 10.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.statistics.arrays import Floats, Ints, sum_by_code

Codes = npt.NDArray[np.integer]
Numbers = Codes | Floats


@dataclass(frozen=True)
class Places:
    """One entry a row, in the order of the rows."""

    ranks: Ints
    """From 1; no two rows of a group share one."""
    top_percents: Ints
    """1 to 100: the top hundredth of the group is 1."""
    deciles: Ints


def rank_within(groups: Codes, *by: Numbers) -> Ints:
    """Return each row's rank within its group, from 1, by rising values.

    Args:
        groups: a code for each row, from 0 on.
        by: what decides, the first before the next; a score that is better if higher is given
            negative. The last ones are keys that no two rows of a group share.
    """
    order = _order(groups, by)
    sizes = _sizes(groups)
    starts = np.cumsum(sizes) - sizes
    ranks = np.empty(len(groups), dtype=np.int64)
    ranks[order] = np.arange(len(groups)) - starts[groups[order]] + 1
    return ranks


def place_within(groups: Codes, scores: Floats, *keys: Numbers) -> Places:
    """Return rank, top percent and decile within the group, the highest score first.

    Args:
        groups: a code for each row, from 0 on.
        scores: what rows are ranked by.
        keys: of two equal scores the lower key goes first; no two rows of a group share them all.
    """
    ranks = rank_within(groups, -scores, *keys)
    sizes = _sizes(groups)[groups]
    return Places(ranks, part_of(ranks, sizes, 100), part_of(ranks, sizes, 10))


def best_of_each(groups: Codes, scores: Floats, *keys: Numbers) -> Ints:
    """Return the row of the highest score of each group, sorted; ties as in `place_within`."""
    order = _order(groups, (-scores, *keys))
    firsts = np.unique(groups[order], return_index=True)[1]
    return np.sort(order[firsts]).astype(np.int64)


def part_of(ranks: Ints, sizes: Ints | int, parts: int) -> Ints:
    """Return which of so many equal parts of its group a rank falls into, from 1.

    In whole numbers throughout: a division of floats would put a rank on a border into the wrong
    part.
    """
    return np.asarray(-(-ranks * parts // sizes), dtype=np.int64)


def _order(groups: Codes, by: tuple[Numbers, ...]) -> npt.NDArray[np.intp]:
    """Return the rows by group, and within a group by what decides; lexsort asks the last first."""
    return np.lexsort((*reversed(by), groups))


def _sizes(groups: Codes) -> Ints:
    return sum_by_code(groups, np.ones(len(groups))).astype(np.int64)

"""Bundles: two or three products of different categories that go together far more than by chance.

Two products of one category are alternatives, not a bundle. A third product belongs to a bundle only
if it goes with every pair of the others: with 100 baskets, 20 with A and B, 10 with C and 2 with all
three, chance alone puts C into 2 of the 20, so that A, B and C is the pair A, B and anything.
"""

import numpy as np
import pandas as pd

from pipeline.recommendations.associations.association_rules import Z
from pipeline.recommendations.associations.pair_counts import PairCounts
from pipeline.statistics.arrays import Floats, Ints

MOST_PAIRS = 300
"""Pairs that a third product is tried with: the most significant."""
PAIRS_OF_TRIPLE = ((0, 1, 2), (0, 2, 1), (1, 2, 0))
"""Two products and the third."""


def likely_pairs(categories: pd.Series, rules: pd.DataFrame) -> pd.DataFrame:
    """Return the most significant pairs of two categories, each once: first, second and count.

    Args:
        categories: of each column.
        rules: among the columns.
    """
    group = pd.factorize(categories)[0]
    is_mixed = group[rules["first"].to_numpy()] != group[rules["second"].to_numpy()]
    once = rules[is_mixed & (rules["first"] < rules["second"]) & (rules["lift_low"] > 1)]
    ordered: pd.DataFrame = once.sort_values(
        ["lift_low", "first", "second"], ascending=[False, True, True]
    )
    return ordered.head(MOST_PAIRS)


def bundles(
    counts: PairCounts, third: Floats, categories: pd.Series, pairs: pd.DataFrame, min_count: int
) -> pd.DataFrame:
    """Return columns (a tuple), count, joint lift and its interval, the most significant first.

    The joint lift is how often the set was seen over how often chance would give it were each
    product bought for itself; the interval takes the count as Poisson.

    Args:
        counts: of the pairs of baskets, or of customers.
        third: by pair and column, the same rows with all three.
        categories: of each column.
        pairs: what `likely_pairs` returns.
        min_count: fewest rows with a whole set.
    """
    group = pd.factorize(categories)[0].astype(np.int64)
    doubles = pairs[["first", "second"]].to_numpy(dtype=np.int64)
    triples, count = _triples(counts, third, group, doubles, min_count)
    return _ranked(counts, [(doubles, pairs["count"].to_numpy(np.float64)), (triples, count)])


def _triples(
    counts: PairCounts, third: Floats, group: Ints, doubles: Ints, min_count: int
) -> tuple[Ints, Floats]:
    """Return sets of three categories whose every product goes with the other two, and counts."""
    row, column = np.nonzero((third >= min_count) & (third > 0))
    sets = np.sort(np.column_stack([doubles[row], column]), axis=1)
    found, place = np.unique(sets, axis=0, return_index=True)
    count = third[row[place], column[place]].astype(np.float64)
    kinds = np.sort(group[found], axis=1)
    is_kept = (np.diff(kinds, axis=1) > 0).all(axis=1)
    found, count = found[is_kept], count[is_kept]
    is_kept = _goes_with_each_pair(counts, found, count)
    return found[is_kept], count[is_kept]


def _goes_with_each_pair(
    counts: PairCounts, sets: Ints, count: Floats
) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Say whether each third product is significantly more frequent with the pair than alone."""
    both, single, rows = counts.both, counts.first, max(counts.rows, 1)
    low = np.full(len(sets), np.inf)
    for one, other, third in PAIRS_OF_TRIPLE:
        by_chance = both[sets[:, one], sets[:, other]] * single[sets[:, third]] / rows
        low = np.minimum(low, count / np.maximum(by_chance, 1e-12) / np.exp(Z / np.sqrt(count)))
    return np.asarray(low > 1)


def _ranked(counts: PairCounts, found: list[tuple[Ints, Floats]]) -> pd.DataFrame:
    share = counts.first / max(counts.rows, 1)
    parts = []
    for sets, count in found:
        lift = count / (counts.rows * share[sets].prod(axis=1))
        width = np.exp(Z / np.sqrt(count))
        parts.append(
            pd.DataFrame(
                {
                    "columns": [tuple(one) for one in sets.tolist()],
                    "size": sets.shape[1],
                    "count": count.astype(np.int64),
                    "joint_lift": lift,
                    "joint_lift_low": lift / width,
                    "joint_lift_high": lift * width,
                }
            )
        )
    every = pd.concat(parts, ignore_index=True)
    ordered = every.sort_values(["joint_lift_low", "columns"], ascending=[False, True])
    return ordered[ordered["joint_lift_low"] > 1].reset_index(drop=True)

"""Bundles: two or three products that stand in one basket far more often than by chance."""

import numpy as np
import pandas as pd

from pipeline.recommendations.associations.association_rules import Z
from pipeline.recommendations.associations.baskets import Incidence

MOST_PAIRS = 300
"""Pairs that a third product is tried with: the most significant."""


def bundles(table: Incidence, pairs: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Return columns (a tuple), count, joint lift and its confidence interval, the most significant first.

    The joint lift is how often the set was seen over how often chance would give it were each
    product bought for itself; the interval takes the count as Poisson.

    Args:
        table: baskets, or customers, × products.
        pairs: rules among the columns of the table.
        min_count: fewest rows with a whole set.
    """
    once = pairs[(pairs["first"] < pairs["second"]) & (pairs["lift_low"] > 1)]
    significant = once.sort_values(["lift_low", "first", "second"], ascending=[False, True, True])
    significant = significant.head(MOST_PAIRS)
    first, second = significant["first"].to_numpy(), significant["second"].to_numpy()
    with_both = table[:, first] * table[:, second]
    third = (with_both.T @ table).toarray()
    row, column = np.nonzero(third >= min_count)
    is_new = (column != first[row]) & (column != second[row])
    row, column = row[is_new], column[is_new]
    sets = np.sort(np.column_stack([first[row], second[row], column]), axis=1)
    triples, place = np.unique(sets, axis=0, return_index=True)
    return _ranked(
        table,
        [
            (np.column_stack([first, second]), significant["count"].to_numpy(np.float64)),
            (triples, third[row[place], column[place]]),
        ],
    )


def _ranked(
    table: Incidence,
    found: "list[tuple[np.ndarray[tuple[int, int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.float64]]]]",
) -> pd.DataFrame:
    rows = table.shape[0]
    share = np.asarray(table.sum(axis=0)) / max(rows, 1)
    parts = []
    for sets, count in found:
        lift = count / (rows * share[sets].prod(axis=1))
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

"""Association rules: how much likelier the second product is where the first one is.

- support: share of all rows with both; confidence: share of the first's rows that have the second;
- lift: confidence over the share of all rows that have the second, 1 = as by chance.
- The interval is the delta method on the logarithm of the lift, for rows as they were drawn: rows of
  one customer are not independent, so with baskets it is somewhat too narrow.
"""

import numpy as np
import pandas as pd

from pipeline.recommendations.associations.pair_counts import PairCounts
from pipeline.statistics.arrays import Floats
from pipeline.statistics.within_group import rank_within

Z = 1.959964
"""Of a two-sided interval of 95%."""


def association_rules(counts: PairCounts, min_count: int) -> pd.DataFrame:
    """Return a row for each ordered pair of different columns with enough rows in common.

    Args:
        counts: of the pairs.
        min_count: fewest rows with both.
    """
    is_enough = (counts.both >= min_count) & ~np.eye(len(counts.both), dtype=bool)
    left, right = np.nonzero(is_enough & (counts.both > 0))
    rows, one, other = counts.rows, counts.first[left], counts.second[right]
    count = counts.both[left, right]
    lift = count * rows / (one * other)
    low, high = lift_interval(count, one, other, rows)
    return pd.DataFrame(
        {
            "first": left,
            "second": right,
            "count": count.astype(np.int64),
            "support": count / rows,
            "confidence": count / one,
            "lift": lift,
            "lift_low": low,
            "lift_high": high,
        }
    )


def lift_interval(count: Floats, one: Floats, other: Floats, rows: int) -> tuple[Floats, Floats]:
    """Return the interval of a lift from multinomial counts, to the bit the same either way round.

    So the two rules of a pair are tied, and their order is that of their products on any processor.
    """
    lift = count * rows / (one * other)
    variance = 1 / count - (1 / one + 1 / other) + (2 * lift - 1) / rows
    width = np.exp(Z * np.sqrt(np.maximum(variance, 0)))
    return lift / width, lift * width


def best_rules(found: pd.DataFrame, per_product: int) -> pd.DataFrame:
    """Return the rules of each first column whose lift is significantly above 1, best first, placed.

    Args:
        found: what `rules` returns.
        per_product: most rules a first column keeps.
    """
    significant = found[found["lift_low"] > 1]
    first, low, second = (significant[name].to_numpy() for name in ("first", "lift_low", "second"))
    placed = significant.assign(position=rank_within(first, -low, second))
    kept = placed[placed["position"] <= per_product]
    return kept.sort_values(["first", "position"], ignore_index=True)

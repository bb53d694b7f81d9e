"""Complements and substitutes: what is bought together, and what is bought instead.

- Complement: two products stand in one basket more often than by chance.
- Substitute: two of one category stand in one basket less often than by chance, although the same
  customers buy both, or the one after the other, more often than by chance.

Every call carries its reason; pairs that the baskets leave open have none.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.recommendations.associations.association_rules import lift_interval
from pipeline.recommendations.associations.pair_counts import PairCounts
from pipeline.statistics.arrays import Floats

FEWEST_EXPECTED = 5.0
"""Baskets that chance alone would have given both, for their absence to mean anything."""


def relations(
    together: PairCounts, categories: pd.Series, found: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return first, second, relation and reason of each unordered pair that can be called.

    Args:
        together: of the baskets with two products or more.
        categories: of each column.
        found: the rules by kind.
    """
    pairs = _together(together)
    for kind, name in (("same_customer", "customer"), ("bought_next", "next")):
        seen = found[kind][["first", "second", "lift", "lift_low"]]
        renamed = seen.rename(columns={"lift": f"{name}_lift", "lift_low": f"{name}_low"})
        pairs = pairs.merge(renamed, on=["first", "second"], how="left")
    names = categories.to_numpy()
    is_same = names[pairs["first"]] == names[pairs["second"]]
    is_complement = pairs["low"] > 1
    drawn = (pairs["customer_low"] > 1) | (pairs["next_low"] > 1)
    is_substitute = is_same & (pairs["high"] < 1) & drawn
    called = pairs.assign(
        relation=np.select([is_complement, is_substitute], ["complement", "substitute"], ""),
        is_same_category=is_same,
    )
    called = called[called["relation"] != ""].reset_index(drop=True)
    return called.assign(reason=_reasons(called))


def _together(counts: PairCounts) -> pd.DataFrame:
    """Return unordered pairs with the lift of standing in one basket, none included."""
    both, one = counts.both, counts.first
    rows = max(counts.rows, 1)
    expected = np.outer(one, one) / rows
    first, second = np.nonzero(np.triu(expected >= FEWEST_EXPECTED, k=1))
    # Half a basket keeps the logarithm of a pair that was never seen finite.
    count = np.maximum(both[first, second], 0.5)
    low, high = lift_interval(count, one[first], one[second], rows)
    return pd.DataFrame(
        {
            "first": first,
            "second": second,
            "count": both[first, second].astype(np.int64),
            "lift": both[first, second] / expected[first, second],
            "low": low,
            "high": high,
        }
    )


def _reasons(pairs: pd.DataFrame) -> pd.Series:
    together = (
        "in one basket "
        + _number(pairs["lift"])
        + " times as often as by chance ("
        + _number(pairs["low"])
        + " to "
        + _number(pairs["high"])
        + ")"
    )
    by_customer = "by the same customers " + _number(pairs["customer_lift"]) + " times"
    in_turn = "one after the other " + _number(pairs["next_lift"]) + " times"
    instead = by_customer.where(pairs["customer_low"] > 1, in_turn)
    return together.where(pairs["relation"] == "complement", together + ", yet " + instead)


def _number(values: pd.Series) -> pd.Series:
    numbers: Floats = values.to_numpy(np.float64)
    return pd.Series([f"{number:.2f}" for number in numbers], values.index)

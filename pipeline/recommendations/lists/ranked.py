"""Products ranked within a key: the best sellers of a category, the novelties of a brand.

A ranking is keys × places of product codes, best first; -1 where there is no further product.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.recommendations.coded import Codes
from pipeline.statistics.within_group import rank_within

Numbers = npt.NDArray[np.floating] | npt.NDArray[np.integer]
NONE = -1


def ranking(keys: Codes, products: Codes, worth: Numbers, *, key_count: int, depth: int) -> Codes:
    """Return the products of each key by falling worth; of equals the lower code.

    Args:
        keys: of each product, 0 to `key_count`; a negative one is in no ranking.
        products: their codes.
        worth: what they are ranked by.
        key_count: how many keys there are.
        depth: how many products a key shows at most.
    """
    rows = np.flatnonzero(keys >= 0)
    rank = rank_within(keys[rows], -worth[rows].astype(np.float64), products[rows])
    shown = rows[rank <= depth]
    table = np.full((key_count, depth), NONE, dtype=np.int32)
    table[keys[shown], rank[rank <= depth] - 1] = products[shown]
    return table


def look_up(table: Codes, keys: Codes) -> Codes:
    """Return the ranking of each customer's key; none for who has no key."""
    if not len(table):
        return np.full((len(keys), table.shape[1]), NONE, dtype=np.int32)
    found = table[np.maximum(keys, 0)]
    found[keys < 0] = NONE
    return found


def favourite(rows: pd.DataFrame, key: str, by: list[str], count: int) -> Codes:
    """Return each customer's first key by falling sums of the named columns; -1 for none.

    Args:
        rows: customer, the key's column, and numbers to sum; negative keys do not count.
        key: the column to choose from.
        by: the numbers that decide, in order.
        count: how many customers there are.
    """
    chosen = np.full(count, NONE, dtype=np.int32)
    known = rows[rows[key] >= 0]
    sums = known.groupby(["customer", key], as_index=False)[by].sum()
    ordered = sums.sort_values(
        ["customer", *by, key], ascending=[True, *[False] * len(by), True]
    ).drop_duplicates("customer")
    chosen[ordered["customer"]] = ordered[key]
    return chosen


def own(rows: pd.DataFrame, worth: Numbers, count: int, depth: int) -> Codes:
    """Return each customer's own products by falling worth: a ranking whose keys are customers."""
    return ranking(
        rows["customer"].to_numpy(np.int32),
        rows["product"].to_numpy(np.int32),
        worth,
        key_count=count,
        depth=depth,
    )

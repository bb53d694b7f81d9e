"""How far the top products have come: who holds which of them together, and who still lacks one."""

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.recommendations.associations.baskets import Incidence

Flags = npt.NDArray[np.bool_]


def top_held(held: Incidence, names: pd.Series, count: int) -> tuple[Incidence, list[str]]:
    """Return the columns that most rows hold, most first, with their names."""
    holders = np.asarray(held.sum(axis=0))
    first = np.lexsort((np.arange(len(holders)), -holders))[:count]
    first = first[holders[first] > 0]
    return held[:, first], [str(name) for name in names.iloc[first]]


def penetration(top: Incidence, names: list[str]) -> pd.DataFrame:
    """Return name, customers who hold it and their share of all customers."""
    holders = np.asarray(top.sum(axis=0)).astype(np.int64)
    return pd.DataFrame({"name": names, "customers": holders, "share": holders / top.shape[0]})


def cross_holdings(top: Incidence, names: list[str], spends_below_mean: Flags) -> pd.DataFrame:
    """Return a row for each ordered pair: who holds both, and who the first without the second.

    Args:
        top: customers × top products.
        names: of the products.
        spends_below_mean: customers who bought, for less than the mean.
    """
    both = (top.T @ top).toarray().astype(np.int64)
    few = top[spends_below_mean]
    both_few = (few.T @ few).toarray().astype(np.int64)
    first, second = np.nonzero(~np.eye(len(names), dtype=bool))
    holders, few_holders = both.diagonal(), both_few.diagonal()
    labels = np.array(names, dtype=object)
    return pd.DataFrame(
        {
            "first": labels[first],
            "second": labels[second],
            "both": both[first, second],
            "share_both": both[first, second] / top.shape[0],
            "share_of_first_with_second": both[first, second] / holders[first],
            "first_without_second": holders[first] - both[first, second],
            "of_these_below_mean_spend": few_holders[first] - both_few[first, second],
        }
    )


def top_sets(top: Incidence, names: list[str]) -> pd.DataFrame:
    """Return for each three of the first five: the shares with any, any two and all three."""
    dense = top[:, :5].toarray()
    sets = list(combinations(range(dense.shape[1]), 3))
    counts = [dense[:, list(three)].sum(axis=1) for three in sets]
    return pd.DataFrame(
        {
            "products": [" + ".join(names[place] for place in three) for three in sets],
            "share_with_any": [float((count >= 1).mean()) for count in counts],
            "share_with_any_two": [float((count >= 2).mean()) for count in counts],
            "share_with_all_three": [float((count == 3).mean()) for count in counts],
        }
    )

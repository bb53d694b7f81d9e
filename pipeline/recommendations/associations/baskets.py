"""Baskets as sparse tables of who × what.

A basket is what one customer bought on one day: orders without an id count, and two orders on one
morning are one errand. A guest's basket is an order, and says nothing of who bought it. Only the products bought in most baskets are looked at, since two that
hardly anybody buys say nothing of each other.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from pipeline.recommendations.coded import Codes
from pipeline.statistics.arrays import Ints

Incidence = sparse.csr_array


@dataclass(frozen=True)
class Baskets:
    """Who bought what together, in the order of time: of everybody, or of some whole customers."""

    together: Incidence
    """Baskets × the products looked at."""
    customer: Codes
    """The customer of each basket; the baskets of one stand together, the latest first."""
    of_guests: Incidence
    """Guests' baskets × products, in no order of time."""

    @property
    def large(self) -> Incidence:
        """Return the baskets with two products or more, guests' too: only they hold pairs."""
        every = cast(Incidence, sparse.vstack([self.together, self.of_guests], format="csr"))
        return every[np.diff(every.indptr) > 1]

    @property
    def by_customer(self) -> Incidence:
        """Return customers who bought × products ever bought."""
        codes, rows = np.unique(self.customer, return_inverse=True)
        summed = grouped(rows, len(codes)) @ self.together
        return _ones(cast(Incidence, summed))

    @property
    def steps(self) -> tuple[Incidence, Incidence]:
        """Return each basket that was followed by another of its customer, and the one after."""
        follows = np.flatnonzero(self.customer[1:] == self.customer[:-1])
        return self.together[follows + 1], self.together[follows]


def most_sold(counts: Ints, most: int) -> Codes:
    """Return the products that stand in most baskets, in their order; of equals the lower code.

    Args:
        counts: of baskets, by product.
        most: how many products to look at.
    """
    first = np.lexsort((np.arange(len(counts)), -counts))[:most]
    return np.sort(first[counts[first] > 0]).astype(np.int32)


def baskets(purchases: pd.DataFrame, products: Codes, guests: pd.DataFrame) -> Baskets:
    """Return the baskets of some products.

    Args:
        purchases: customer, age_days and product, sorted so and each once.
        products: those to look at: the columns of every table.
        guests: basket and product of what guests bought, each once; no rows where there are none.
    """
    kept = purchases[purchases["product"].isin(products)]
    columns = np.searchsorted(products, kept["product"].to_numpy())
    customer, age = kept["customer"].to_numpy(), kept["age_days"].to_numpy()
    is_first = np.ones(len(kept), dtype=bool)
    is_first[1:] = (customer[1:] != customer[:-1]) | (age[1:] != age[:-1])
    rows = np.cumsum(is_first) - 1
    table = incidence(rows, columns, (int(is_first.sum()), len(products)))
    of_guests = _guest_baskets(guests[guests["product"].isin(products)], products)
    return Baskets(table, customer[is_first], of_guests)


def _guest_baskets(guests: pd.DataFrame, products: Codes) -> Incidence:
    baskets, rows = np.unique(guests["basket"].to_numpy(), return_inverse=True)
    columns = np.searchsorted(products, guests["product"].to_numpy())
    return incidence(rows, columns, (len(baskets), len(products)))


def incidence(
    rows: npt.NDArray[np.integer], columns: npt.NDArray[np.integer], shape: tuple[int, int]
) -> Incidence:
    """Return a table of ones at the given places."""
    ones = np.ones(len(rows), dtype=np.float64)
    return _ones(sparse.csr_array((ones, (rows, columns)), shape=shape))


def grouped(rows: npt.NDArray[np.integer], count: int) -> Incidence:
    """Return groups × members, to sum members by group."""
    return incidence(rows, np.arange(len(rows)), (count, len(rows)))


def _ones(table: Incidence) -> Incidence:
    """Return the table with every number a one; sums of ones are exact in any order."""
    table = sparse.csr_array(table)
    table.sum_duplicates()
    return sparse.csr_array(
        (np.ones(len(table.data)), table.indices, table.indptr), shape=table.shape
    )

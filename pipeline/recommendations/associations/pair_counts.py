"""How many baskets, steps and customers hold each pair of products.

Counts of whole customers add up to those of all, so that each part of the customers is counted where
it is, some at a time, and what leaves it is a number a pair.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Self

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.foundation.engines import Engine
from pipeline.recommendations.associations.baskets import Baskets, Incidence, baskets
from pipeline.recommendations.coded import Coded, Codes
from pipeline.statistics.arrays import Floats

KINDS = ("bought_together", "bought_next", "same_customer")
COUNTS = pa.schema(
    [("kind", pa.string()), ("first", pa.int64()), ("second", pa.int64()), ("count", pa.int64())]
)
ANY = -1
"""In the place of a column: rows with the other one alone; in both places, all rows."""
SORTED = ("buyer", "is_guest", "age_days", "product")
"""The columns of `bought_by_all`, and the order in which a buyer's rows are looked at."""


@dataclass(frozen=True)
class PairCounts:
    """Counts of rows by which columns they hold first and second: whole numbers."""

    both: Floats
    """First column × second column."""
    first: Floats
    second: Floats
    rows: int

    @classmethod
    def of(cls, first: Incidence, second: Incidence) -> Self:
        """Count.

        Args:
            first: rows × columns that come first.
            second: the same rows × the columns that go with them or follow.
        """
        one, other = (np.asarray(some.sum(axis=0), dtype=np.float64) for some in (first, second))
        return cls((first.T @ second).toarray(), one, other, first.shape[0])

    @classmethod
    def nothing(cls, columns: int) -> Self:
        """Return the counts of no rows."""
        none = np.zeros(columns)
        return cls(np.zeros((columns, columns)), none, none, 0)

    def __add__(self, other: "PairCounts") -> "PairCounts":
        """Return the counts of the rows of both."""
        return PairCounts(
            self.both + other.both,
            self.first + other.first,
            self.second + other.second,
            self.rows + other.rows,
        )

    def told(self, kind: str) -> pa.RecordBatch:
        """Return the counts as rows (COUNTS), those of nothing left out."""
        framed = np.block(
            [[np.full((1, 1), self.rows), self.second[None, :]], [self.first[:, None], self.both]]
        )
        first, second = np.nonzero(framed)
        return pa.record_batch(
            {
                "kind": [kind] * len(first),
                "first": first + ANY,
                "second": second + ANY,
                "count": framed[first, second].astype(np.int64),
            },
            schema=COUNTS,
        )

    @classmethod
    def read(cls, told: pd.DataFrame, columns: int) -> Self:
        """Return counts that were told as rows."""
        framed = np.zeros((columns + 1, columns + 1))
        framed[told["first"] - ANY, told["second"] - ANY] = told["count"]
        return cls(framed[1:, 1:], framed[1:, 0], framed[0, 1:], int(framed[0, 0]))


@dataclass(frozen=True)
class CountPairs:
    """From what whole customers and orders of guests bought to counts (COUNTS), one set a task."""

    products: Codes
    """Those looked at: a product's column is its place among them."""

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Count what comes; tell it when nothing more does."""
        none = dict.fromkeys(KINDS, PairCounts.nothing(len(self.products)))
        found = reduce(_add, (self._count(batch) for batch in batches), none)
        for kind, counts in found.items():
            yield counts.told(kind)

    def _count(self, batch: pa.RecordBatch) -> dict[str, PairCounts]:
        return pairs_by_kind(baskets_of(batch, self.products))


def _add(one: Mapping[str, PairCounts], other: Mapping[str, PairCounts]) -> dict[str, PairCounts]:
    return {kind: counts + other[kind] for kind, counts in one.items()}


def pairs_by_kind(bought: Baskets) -> dict[str, PairCounts]:
    """Count the pairs of one basket, of a basket and the next one, and of one customer."""
    earlier, later = bought.steps
    customers = bought.by_customer
    return {
        "bought_together": PairCounts.of(bought.large, bought.large),
        "bought_next": PairCounts.of(earlier, later),
        "same_customer": PairCounts.of(customers, customers),
    }


def baskets_of(batch: pa.RecordBatch, products: Codes) -> Baskets:
    """Return the baskets of whole buyers, as `bought_by_all` returns their rows, sorted."""
    rows = pd.DataFrame(
        {
            "customer": batch["buyer"].dictionary_encode().indices.to_numpy(),
            "age_days": batch["age_days"].to_numpy(),
            "product": batch["product"].to_numpy(),
        }
    )
    is_guest = batch["is_guest"].to_numpy(zero_copy_only=False)
    guests = rows[is_guest].rename(columns={"customer": "basket"})
    return baskets(rows[~is_guest], products, guests)


def bought_by_all(coded: Coded) -> ir.Table:
    """Return buyer, is_guest, age_days and product of customers and of orders of guests."""
    ours, guests = coded.purchases, coded.guest_purchases.drop_null("order_id")
    return ibis.union(
        ours.mutate(buyer=ours.customer_id, is_guest=False).select(*SORTED),
        guests.mutate(buyer=guests.order_id, is_guest=True).select(*SORTED),
    )


def count_pairs(engine: Engine, bought: ir.Table, products: Codes) -> dict[str, PairCounts]:
    """Count all pairs by kind.

    Args:
        engine: counts where the rows are.
        bought: what `bought_by_all` returns.
        products: those to look at.
    """
    told = sum_counts(engine, engine.map_groups(CountPairs(products), bought, COUNTS, SORTED))
    return {kind: PairCounts.read(told[told["kind"] == kind], len(products)) for kind in KINDS}


def sum_counts(engine: Engine, parts: ir.Table) -> pd.DataFrame:
    """Return the sums of what tasks counted."""
    keys = ["kind", "first", "second"]
    summed = parts.group_by(keys).aggregate(count=parts["count"].sum().cast("int64"))
    found: pd.DataFrame = engine.arrow(summed).to_pandas()
    return found

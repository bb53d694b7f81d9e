"""How many baskets and customers hold a third product beside two given ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from pipeline.foundation.engines import Engine
from pipeline.recommendations.associations.baskets import Baskets, Incidence
from pipeline.recommendations.associations.pair_counts import (
    COUNTS,
    SORTED,
    baskets_of,
    sum_counts,
)
from pipeline.recommendations.coded import Codes
from pipeline.statistics.arrays import Floats, Ints


@dataclass(frozen=True)
class CountThirds:
    """From what whole customers and orders of guests bought to counts (COUNTS), one set a task."""

    products: Codes
    doubles: Mapping[str, Ints]
    """Pairs of columns, one a row, by kind of pair."""

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Count what comes; tell it when nothing more does: `first` is the place of the pair."""
        found = {
            kind: np.zeros((len(pairs), len(self.products))) for kind, pairs in self.doubles.items()
        }
        for batch in batches:
            tables = tables_of(baskets_of(batch, self.products))
            for kind, pairs in self.doubles.items():
                found[kind] = found[kind] + thirds(tables[kind], pairs)
        for kind, counts in found.items():
            yield _told(kind, counts)


def tables_of(bought: Baskets) -> dict[str, Incidence]:
    """Return the tables that bundles are looked for in, by the kind of their pairs."""
    return {"bought_together": bought.large, "same_customer": bought.by_customer}


def thirds(table: Incidence, doubles: Ints) -> Floats:
    """Return pairs × columns: the rows that hold both columns of the pair and the column."""
    with_both = table[:, doubles[:, 0]] * table[:, doubles[:, 1]]
    found: Floats = (with_both.T @ table).toarray()
    return found


def _told(kind: str, counts: Floats) -> pa.RecordBatch:
    pair, column = np.nonzero(counts)
    told = counts[pair, column].astype(np.int64)
    return pa.record_batch(
        {"kind": [kind] * len(pair), "first": pair, "second": column, "count": told},
        schema=COUNTS,
    )


def count_thirds(
    engine: Engine, bought: ir.Table, products: Codes, doubles: Mapping[str, Ints]
) -> dict[str, Floats]:
    """Return pairs × columns by kind.

    Args:
        engine: counts where the rows are.
        bought: what `bought_by_all` returns.
        products: those to look at.
        doubles: pairs of columns by kind.
    """
    parts = engine.map_groups(CountThirds(products, doubles), bought, COUNTS, SORTED)
    told = sum_counts(engine, parts)
    found = {}
    for kind, pairs in doubles.items():
        counts = np.zeros((len(pairs), len(products)))
        of_kind = told[told["kind"] == kind]
        counts[of_kind["first"], of_kind["second"]] = of_kind["count"]
        found[kind] = counts
    return found

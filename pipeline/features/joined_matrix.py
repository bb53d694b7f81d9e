"""A model's rows with all features as one expression, for engines whose executors see the rows.

`load_matrix` puts the columns together in this process, which is quicker where one process does all.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from pipeline.features.matrix import Matrix, arrange, grain_keys, to_feature
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS
from pipeline.population.joins import left_join

_ASKED = (*CANDIDATE_KEYS, "split", "is_eligible", "label")


def join_features(rows: ir.Table, families: Mapping[str, ir.Table]) -> ir.Table:
    """Return rows of a population with every family's columns, empty where a family lacks the row."""
    joined = rows.select(*_ASKED)
    for _, family in sorted(families.items()):
        joined = left_join(joined, family, grain_keys(family))
    return joined


def to_matrix(joined: pa.Table) -> Matrix:
    """Return rows of `join_features` as a matrix in which each counts once."""
    rows = joined.sort_by([(key, "ascending") for key in CANDIDATE_KEYS])
    everywhere = np.arange(rows.num_rows)
    features = {
        name: to_feature(rows[name], everywhere) for name in rows.column_names if name not in _ASKED
    }
    asked = rows.select(_ASKED).append_column("weight", pa.array(np.ones(rows.num_rows)))
    return arrange(asked, features)


@dataclass(frozen=True)
class OnEachMatrix:
    """A function of a matrix as one of the batches of `join_features`, as engines apply them."""

    function: Callable[[Matrix], pa.Table]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield what the function makes of each batch."""
        for batch in batches:
            if batch.num_rows:
                yield from self.function(to_matrix(pa.Table.from_batches([batch]))).to_batches()

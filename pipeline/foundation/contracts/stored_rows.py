"""Rows of the user's own tables as the contract's raw rows, batch by batch, wherever they are read."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.erased import KEY, ErasedCustomers
from pipeline.foundation.contracts.tables import Table

IS_ERASED = "_is_erased"


@dataclass(frozen=True)
class AsRawRows:
    """Reads columns under the contract's names; further ones go through as they are."""

    table: Table
    erased: ErasedCustomers
    further: tuple[str, ...]
    """Whole numbers."""

    @property
    def schema(self) -> pa.Schema:
        """Return that of the raw rows, with IS_ERASED and the further columns."""
        return pa.schema(
            [
                *self.table.raw_schema,
                pa.field(IS_ERASED, pa.bool_()),
                *(pa.field(name, pa.int64()) for name in self.further),
            ]
        )

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield each batch with every value read, or kept as it stood."""
        for batch in batches:
            if batch.num_rows:
                yield from self._read(pa.Table.from_batches([batch])).to_batches()

    def _read(self, given: pa.Table) -> pa.Table:
        own = given.drop_columns(list(self.further))
        rows = conform(own.to_pandas(types_mapper=pd.ArrowDtype), self.table)
        if KEY in rows.column_names:
            is_erased = self.erased.are_listed(rows[KEY])
        else:
            is_erased = pa.array([False] * len(rows))
        columns = [*rows.columns, is_erased, *(given[name] for name in self.further)]
        return pa.table(columns, schema=self.schema)

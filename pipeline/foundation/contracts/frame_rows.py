"""Frames as the rows of a contract, and functions of frames where rows come in batches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa


def to_rows(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Return a frame's columns as a contract's: in its order, of its types, missing where missing."""
    columns = [pa.array(frame[field.name], from_pandas=True).cast(field.type) for field in schema]
    return pa.table(columns, schema=schema)


@dataclass(frozen=True)
class OnFrames:
    """A function of frames as one of record batches: what `Engine.map_batches` takes."""

    function: Callable[[pd.DataFrame], pd.DataFrame]
    """Pickled where the engine is distributed; must not mind which rows come together, but for
    those of a group in `Engine.map_groups`."""
    schema: pa.Schema
    """Of what it returns."""

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield what the function makes of each batch."""
        for batch in batches:
            if batch.num_rows:
                yield from to_rows(self.function(batch.to_pandas()), self.schema).to_batches()

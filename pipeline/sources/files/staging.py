"""Rows that are read once and handed over again and again: of a large file, on disk in between."""

from collections.abc import Iterator
from functools import cache
from itertools import chain, count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.foundation import paths
from pipeline.sources.base import BatchedTable

_NUMBERS = count()


def stage(parts: Iterator[pa.Table]) -> BatchedTable:
    """Return the rows of all parts; those of more than one are kept on disk until the process ends.

    Args:
        parts: one or more tables of one schema.
    """
    first = next(parts)
    second = next(parts, None)
    if second is None:
        return BatchedTable.of(first)
    path = Path(_own_folder(Path.cwd()).name, f"rows{next(_NUMBERS)}.parquet")
    with pq.ParquetWriter(path, first.schema) as writer:
        for part in chain((first, second), parts):
            writer.write_table(part)

    def batches() -> Iterator[pa.Table]:
        with pq.ParquetFile(path) as file:
            for place in range(file.num_row_groups):
                yield file.read_row_group(place)

    return BatchedTable(first.schema, pq.read_metadata(path).num_rows, batches)


@cache
def _own_folder(_: Path) -> paths.OwnFolder:
    """Return where this process keeps rows of the project in a folder; it goes with the process."""
    return paths.OwnFolder()

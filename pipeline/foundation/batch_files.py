"""Record batches on their way to a file, of which one is in memory at a time."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def write_batches(batches: pa.RecordBatchReader, path: Path) -> Path:
    """Write batches as one parquet file, a row group each, and return where it is."""
    with pq.ParquetWriter(path, batches.schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return path

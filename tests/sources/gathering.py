"""What a source hands over piece by piece, put together."""

from collections import defaultdict
from dataclasses import replace

import pyarrow as pa

from pipeline.sources.base import RawData


def gather(data: RawData) -> RawData:
    """Return the same tables and truth, each whole."""
    parts: dict[tuple[bool, str], list[pa.Table]] = defaultdict(list)
    for piece in data.pieces():
        parts[piece.is_truth, piece.name].append(piece.rows)
    whole = {key: pa.concat_tables(rows) for key, rows in parts.items()}
    tables = {name: rows for (is_truth, name), rows in whole.items() if not is_truth}
    truth = {name: rows for (is_truth, name), rows in whole.items() if is_truth}
    return replace(data, tables=tables, truth=truth, batched={}, streamed=None)

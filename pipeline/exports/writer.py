"""The one writer of delivery files, for every profile: rows become one array of text lines.

The bytes of that array are the file, so nothing is looped over row by row.
"""

import codecs
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.cells import to_cells
from pipeline.exports.profile import Column, Dialect, File

_ROWS_AT_ONCE = 200_000  # the text of so many rows takes a few hundred megabytes at most


@dataclass(frozen=True)
class Written:
    """What the manifest says of a file."""

    rows: int
    bytes: int
    sha256: str


def write(rows: pa.Table, file: File, dialect: Dialect, sink: BinaryIO) -> Written:
    """Write header and rows to a binary stream; `rows` are those that `sift` accepted."""
    encoder = codecs.getincrementalencoder(dialect.encoding)()
    digest, size = hashlib.sha256(), 0
    for text in _parts(rows, file, dialect):
        part = encoder.encode(text)
        sink.write(part)
        digest.update(part)
        size += len(part)
    return Written(len(rows), size, digest.hexdigest())


def _parts(rows: pa.Table, file: File, dialect: Dialect) -> Iterator[str]:
    """Yield the header, then the rows, some at a time."""
    yield _join([_header_cell(column, dialect) for column in file.columns], dialect)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows.slice(start, _ROWS_AT_ONCE)
        cells = [to_cells(part[column.source], column, dialect) for column in file.columns]
        yield _join(cells, dialect)


def _header_cell(column: Column, dialect: Dialect) -> pa.StringArray:
    name = replace(column, format="text", is_id=False)
    return to_cells(pa.chunked_array([[column.header]]), name, dialect)


def _join(columns: Sequence[pa.StringArray], dialect: Dialect) -> str:
    """Join the cells of equally long columns into lines, each with its line end."""
    cells = [pc.fill_null(column, dialect.empty_cell) for column in columns]
    cells[-1] = pc.binary_join_element_wise(cells[-1], dialect.line_end, "")
    lines = pc.binary_join_element_wise(*cells, dialect.delimiter)
    _, offsets, text = lines.buffers()
    ends = memoryview(offsets).cast("i")
    return str(memoryview(text)[ends[lines.offset] : ends[lines.offset + len(lines)]], "utf-8")

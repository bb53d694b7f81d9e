"""The one writer of delivery files, for every profile: rows become one array of text lines.

The bytes of that array are the file, so nothing is looped over row by row. A file that is larger
than its target takes comes in numbered parts, split between two rows, each with its own header.
"""

import codecs
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.cells import to_cells
from pipeline.exports.profile import Dialect, File, FileColumn, TargetLimits
from pipeline.foundation.errors import DataError

Open = Callable[[str], BinaryIO]
"""Opens the file of a name for writing."""

_ROWS_AT_ONCE = 200_000  # the text of so many rows takes a few hundred megabytes at most
_NO_LIMITS = TargetLimits()


@dataclass(frozen=True)
class Written:
    """What the manifest says of a file."""

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class _Lines:
    """Some rows as bytes, and where each of them ends."""

    text: memoryview
    ends: npt.NDArray[np.int64]

    def slice(self, first: int, last: int) -> memoryview:
        return self.text[self._start(first) : self._start(last)]

    def fitting(self, first: int, room_bytes: int, room_rows: int) -> int:
        """Return the end of the rows from `first` on that fit into so many bytes and rows."""
        last = np.searchsorted(self.ends, self._start(first) + room_bytes, side="right")
        return min(int(last), first + room_rows)

    def _start(self, row: int) -> int:
        return int(self.ends[row - 1]) if row else 0


class FileWriter:
    """Writes header and rows, some at a time, to the files that they take, one after the other."""

    def __init__(
        self, file: File, dialect: Dialect, open_file: Open, limits: TargetLimits = _NO_LIMITS
    ) -> None:
        """Say what is written; the first file is begun with the first rows, be there none.

        Args:
            file: the columns.
            dialect: how they are written.
            open_file: opens a file of the package.
            limits: how large a file may be.
        """
        header = _join([_header_cell(column, dialect) for column in file.columns], dialect)
        mark = codecs.BOM_UTF8 if dialect.encoding == "utf-8-sig" else b""
        self._file = file
        self._dialect = dialect
        self._name = PurePath(file.name)
        self._header = mark + bytes(header.text)
        self._limits = limits
        self._open_file = open_file
        self._sink: BinaryIO | None = None
        self.written: dict[str, Written] = {}

    def add(self, rows: pa.Table) -> None:
        """Write rows that `sift` accepted below those before.

        Raises:
            DataError: one row alone is larger than a file may be.
        """
        for lines in _lines(rows, self._file, self._dialect):
            self._add(lines)

    def _add(self, lines: _Lines) -> None:
        first, count = 0, len(lines.ends)
        if self._sink is None:
            self._begin()
        while first < count:
            last = lines.fitting(first, self._room_bytes(), self._room_rows(count))
            if last > first:
                self._put(lines.slice(first, last), last - first)
                first = last
            elif self._rows:
                self._begin()
            else:
                self._refuse(len(lines.slice(first, first + 1)))

    def close(self) -> dict[str, Written]:
        """Return what was written, by file name."""
        if self._sink is not None:
            self._sink.close()
            entry = Written(self._rows, self._bytes, self._digest.hexdigest())
            self.written[self._part_name()] = entry
        return self.written

    def _begin(self) -> None:
        self.close()
        self._rows, self._bytes, self._digest = 0, 0, hashlib.sha256()
        self._sink = self._open_file(self._part_name())
        self._put(memoryview(self._header), 0)

    def _put(self, text: memoryview, rows: int) -> None:
        assert self._sink is not None  # noqa: S101 - begun; narrowed for mypy
        self._sink.write(text)
        self._digest.update(text)
        self._bytes += len(text)
        self._rows += rows

    def _part_name(self) -> str:
        if not self._limits.splits:
            return str(self._name)
        number = len(self.written) + (self._sink is None or self._sink.closed)
        return f"{self._name.stem}_{number:03d}{self._name.suffix}"

    def _room_bytes(self) -> int:
        limit = self._limits.file_bytes
        return 2**62 if limit is None else limit - self._bytes

    def _room_rows(self, otherwise: int) -> int:
        limit = self._limits.file_rows
        return otherwise if limit is None else limit - self._rows

    def _refuse(self, row_bytes: int) -> None:
        raise DataError(
            f"header and one row within the {self._limits.file_bytes} bytes a file may have",
            f"{len(self._header)} and {row_bytes} bytes",
            "Hand over fewer columns.",
        )


def write(
    rows: pa.Table, file: File, dialect: Dialect, open_file: Open, limits: TargetLimits = _NO_LIMITS
) -> dict[str, Written]:
    """Write header and rows and return what was written, by file name.

    Args:
        rows: those that `sift` accepted.
        file: the columns.
        dialect: how they are written.
        open_file: opens a file of the package.
        limits: how large a file may be.

    Raises:
        DataError: one row alone is larger than a file may be.
    """
    writer = FileWriter(file, dialect, open_file, limits)
    writer.add(rows)
    return writer.close()


def _lines(rows: pa.Table, file: File, dialect: Dialect) -> Iterator[_Lines]:
    """Yield the rows, some at a time; nothing at least once, so that a file is begun."""
    for start in range(0, max(len(rows), 1), _ROWS_AT_ONCE):
        part = rows.slice(start, _ROWS_AT_ONCE)
        cells = [to_cells(part[column.source], column, dialect) for column in file.columns]
        yield _join(cells, dialect)


def _header_cell(column: FileColumn, dialect: Dialect) -> pa.StringArray:
    name = replace(column, format="text", is_id=False)
    return to_cells(pa.chunked_array([[column.header]]), name, dialect)


def _join(columns: Sequence[pa.StringArray], dialect: Dialect) -> _Lines:
    """Join the cells of equally long columns into lines, each with its line end."""
    cells = [pc.fill_null(column, dialect.empty_cell) for column in columns]
    cells[-1] = pc.binary_join_element_wise(cells[-1], dialect.line_end, "")
    lines = pc.binary_join_element_wise(*cells, dialect.delimiter)
    if not len(lines):
        return _Lines(memoryview(b""), np.empty(0, np.int64))
    _, offsets, text = lines.buffers()
    marks = np.frombuffer(offsets, np.int32)[lines.offset : lines.offset + len(lines) + 1]
    first, *_ = marks
    return _Lines(memoryview(text)[first : marks[-1]], (marks[1:] - first).astype(np.int64))

"""Full search: whether a file holds a mark, whatever kind of file it is.

Parquet is decoded, archives are opened, everything else is searched as bytes. A mark counts where it
stands alone, not inside a longer word; one of few characters, which any number or word may be, only
where it is a whole cell, and in a parquet file only in a column about customers.
"""

import gzip
import html
import json
import re
import zipfile
from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.commands.erasure.marks import Marks

_DISTINCT = 6
"""Characters from which on a text is searched for anywhere."""
_ABOUT_CUSTOMERS = re.compile("customer|client|household|user|member|person", re.IGNORECASE)
_CHUNK = 1 << 22
_PARQUET, _GZIP, _ZIP = b"PAR1", b"\x1f\x8b", b"PK\x03\x04"
_ROWS = 1 << 17


class Search:
    """Looks for marks."""

    def __init__(self, marks: Marks) -> None:
        self._long = [text for text in marks.texts if len(text) >= _DISTINCT]
        self._short = [text for text in marks.texts if len(text) < _DISTINCT]

    def is_in(self, path: Path) -> bool:
        """Say whether a file holds a mark."""
        with path.open("rb") as file:
            head = file.read(4)
            file.seek(0)
            if head == _PARQUET:
                try:
                    return self._is_in_parquet(path)
                except pa.ArrowException:  # cut short: what is left of it is searched as bytes
                    return self._is_in_stream(file)
            if head == _ZIP and zipfile.is_zipfile(path):
                return self._is_in_archive(path)
            if head.startswith(_GZIP):
                try:
                    with gzip.open(file) as inner:
                        return self._is_in_stream(inner)
                except (OSError, EOFError):
                    return False
            return self._is_in_stream(file)

    def rows(self, table: pa.Table) -> pa.Array:
        """Say of each row whether any of its cells holds a mark."""
        found = pa.array([False] * len(table), pa.bool_())
        for name in table.column_names:
            hits = self._cells(name, table[name])
            found = found if hits is None else pc.or_(found, hits)
        return found

    def is_cell(self, text: str) -> bool:
        """Say whether a cell of a CSV file is a mark or holds one."""
        return text.strip() in self._whole or bool(self._words.search(text.encode()))

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset((*self._long, *self._short))

    @cached_property
    def _words(self) -> re.Pattern[bytes]:
        """Return what finds marks in bytes, however a file writes and encodes them."""
        long = _alternatives(self._long)
        wide = b"|".join(re.escape(text.encode("utf-16-le")) for text in self._long)
        short = _alternatives(self._short)
        parts = [
            *([rb"(?<![A-Za-z0-9])(?:" + long + rb")(?![A-Za-z0-9])", wide] if long else []),
            *(
                [rb"(?:(?<=[,;|\t\r\n\"'>])|\A)(?:" + short + rb")(?=[,;|\t\r\n\"'<]|\Z)"]
                if short
                else []
            ),
        ]
        return re.compile(b"|".join(parts))

    def _is_in_stream(self, file: "IO[bytes] | gzip.GzipFile") -> bool:
        overlap = 4 * max((len(text) for text in self._whole), default=0) + 2
        kept = b""
        while chunk := file.read(_CHUNK):
            piece = kept + chunk
            if self._words.search(piece):
                return True
            kept = piece[-overlap:]
        return False

    def _is_in_archive(self, path: Path) -> bool:
        with zipfile.ZipFile(path) as archive:
            return any(self._is_member(archive, name) for name in archive.namelist())

    def _is_member(self, archive: zipfile.ZipFile, name: str) -> bool:
        with archive.open(name) as file:
            return self._is_in_stream(file)

    def _is_in_parquet(self, path: Path) -> bool:
        with pq.ParquetFile(path) as file:
            return any(pc.any(self.rows(table)).as_py() for table in _tables(file))

    def _cells(self, name: str, values: pa.ChunkedArray) -> pa.Array | None:
        """Say of each cell whether it holds a mark; None of a column that can hold none."""
        texts = _as_text(values)
        if texts is None:
            return None
        about = bool(_ABOUT_CUSTOMERS.search(name))
        found = pa.array([False] * len(texts), pa.bool_())
        if about:
            found = pc.is_in(
                pc.utf8_trim_whitespace(texts), value_set=pa.array(sorted(self._whole))
            )
        if self._long and not pa.types.is_integer(values.type):
            within = pc.match_substring_regex(texts, _as_word(self._long))
            found = pc.or_(found, pc.fill_null(within, fill_value=False))
        return found


def _alternatives(texts: Collection[str]) -> bytes:
    """Return a pattern of texts as UTF-8, in JSON, in quotes of a CSV file and in HTML."""
    written = {
        variant
        for text in texts
        for variant in (
            text,
            json.dumps(text)[1:-1],
            text.replace('"', '""'),
            html.escape(text),
        )
    }
    return b"|".join(re.escape(text.encode()) for text in sorted(written, key=len, reverse=True))


def _as_word(texts: Collection[str]) -> str:
    """Return a pattern, in the dialect of RE2, of texts that stand alone."""
    either = "|".join(_escaped(text) for text in texts)
    return rf"(?:^|[^A-Za-z0-9])(?:{either})(?:$|[^A-Za-z0-9])"


def _escaped(text: str) -> str:
    return "".join(one if one.isalnum() else rf"\x{{{ord(one):x}}}" for one in text)


def _as_text(values: pa.ChunkedArray) -> pa.Array | None:
    """Return cells as text; None of types that hold neither an id nor a text."""
    types, kind = pa.types, values.type
    if types.is_dictionary(kind):
        return _as_text(values.cast(kind.value_type))
    if types.is_string(kind) or types.is_large_string(kind) or types.is_integer(kind):
        return pc.cast(values, pa.string()).combine_chunks()
    if types.is_binary(kind) or types.is_large_binary(kind):
        return pa.array([_decoded(one) for one in values.to_pylist()], pa.string())
    if types.is_nested(kind):
        return pa.array([str(one) for one in values.to_pylist()], pa.string())
    return None


def _decoded(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", errors="replace")


def _tables(file: pq.ParquetFile) -> Iterator[pa.Table]:
    for batch in file.iter_batches(batch_size=_ROWS):
        yield pa.Table.from_batches([batch])

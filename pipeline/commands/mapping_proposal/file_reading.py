"""A file or database table as it may be read: encoding, delimiter, quoting, and its cells as text."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.foundation.contracts.text import plain_name

DELIMITERS = (",", ";", "\t", "|")
MOST_ROWS = {"file": 100_000, "table": 20_000}
"""Rows that are looked at, by origin."""
_LINES = 200


@dataclass(frozen=True)
class FoundFile:
    """A file or a table of a database, how it is written, and its first rows as text."""

    name: str
    """The file's in its folder, or the table's as the database spells it."""
    encoding: str
    delimiter: str
    is_parquet: bool
    cells: pd.DataFrame
    is_quoted: bool = True
    origin: Literal["file", "table"] = "file"
    """The entry of a mapping that names it."""
    typed: frozenset[str] = frozenset()
    """Columns whose dates and moments are that already, and need no format."""

    @property
    def place(self) -> str:
        """Return the section of params.yaml that maps its like."""
        return "source.files.tables" if self.origin == "file" else "source.database.tables"

    @property
    def title(self) -> str:
        """Return its own name in plain words, for the likeness to a table: no ending, no schema."""
        return self.name.split(".")[0] if self.origin == "file" else self.name.split(".")[-1]


def read_file(path: Path) -> FoundFile | None:
    """Return the file, if it is a table of one line or more below a header."""
    try:
        found = _read_file(path)
    except (pd.errors.EmptyDataError, pd.errors.ParserError, pa.ArrowException, OSError):
        return None
    return None if found.cells.empty else found


def _read_file(path: Path) -> FoundFile:
    if path.name.lower().endswith(".parquet"):
        frame = pq.read_table(path).slice(0, MOST_ROWS["file"]).to_pandas()
        texts = frame.map(str, na_action="ignore").astype("str")
        return FoundFile(path.name, "utf-8", ",", is_parquet=True, cells=texts)
    raw = path.read_bytes()
    if path.name.lower().endswith(".gz"):
        raw = gzip.decompress(raw)
    encoding = find_encoding(raw)
    lines = raw.decode(encoding, errors="replace").splitlines()[:_LINES]
    delimiter = find_delimiter(lines)
    is_quoted = _is_quoted(lines, delimiter)
    cells = pd.read_csv(
        path,
        dtype="str",
        sep=delimiter,
        quoting=csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE,
        encoding=encoding,
        keep_default_na=False,
        na_values=[""],
        nrows=MOST_ROWS["file"],
        index_col=False,
        on_bad_lines="skip",
    )
    named = cells.set_axis([plain_name(str(name)) for name in cells.columns], axis="columns")
    return FoundFile(path.name, encoding, delimiter, False, named, is_quoted)


def find_encoding(raw: bytes) -> str:
    """Return utf-8 where the bytes are that, else Windows' encoding, else latin-1."""
    for encoding in ("utf-8", "cp1252"):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def find_delimiter(lines: list[str]) -> str:
    """Return the character that gives the most columns in as many lines as have the header's."""
    return max(DELIMITERS, key=lambda sign: _columns(lines, sign))


def _columns(lines: list[str], sign: str) -> float:
    counts = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
    if not counts or counts[0] == 1:
        return 0
    return counts[0] * sum(count == counts[0] for count in counts) / len(counts)


def _is_quoted(lines: list[str], delimiter: str) -> bool:
    """Tell whether quotation marks enclose cells; if lines fit better without, they do not."""
    plain = [len(line.split(delimiter)) for line in lines if line]
    fits = sum(count == plain[0] for count in plain) if plain else 0
    read = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    return sum(count == read[0] for count in read) >= fits if read else True

"""One file as frames of some rows each: CSV all as text, so that ids keep their leading zeros; parquet as typed."""

import codecs
import difflib
import logging
from collections.abc import Collection, Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.foundation.config import FileMapping
from pipeline.foundation.contracts.delimited import Remedies, read_cells_in_batches
from pipeline.foundation.contracts.tables import RAW_TABLES
from pipeline.foundation.contracts.text import plain_name
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.sources.base import BATCH_ROWS
from pipeline.sources.files.encodings import TextCounts, check_encoding, count_texts
from pipeline.sources.files.line_breaks import (
    CellCounts,
    check_lines,
    check_swallowed_lines,
    count_breaks,
    tell_line_breaks,
)

log = logging.getLogger(__name__)

TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
PARQUET_ENDING = ".parquet"
_OF_NO_FILE = ("idna", "punycode", "unicode-escape", "raw-unicode-escape")
"""Codecs of text that no export is written in: they are for names of hosts, and for source code."""
DELIMITERS = {";": '";"', ",": '","', "\t": r'"\t"', "|": '"|"'}


_COPY_PATHS = (
    "An experiment in a workspace of its own (dvc exp run --temp or --queue) has no files that git "
    "does not know: run it with --copy-paths data/incoming."
)


def find_file(folder: Path, name: str) -> Path:
    """Return the path of a file in the user's folder.

    Raises:
        DataError: the folder or the file is not there.
        ConfigurationError: the file lies outside the folder, where DVC does not see it change.
    """
    if not folder.is_dir():
        raise DataError(
            f"a folder {folder}",
            "none",
            f"Create it, or correct source.files.folder in params.yaml. {_COPY_PATHS}",
        )
    path = folder / name
    try:
        is_inside = path.resolve().is_relative_to(folder.resolve())
        path.is_file()
    except (OSError, ValueError, RuntimeError) as error:  # a loop of links, NUL, too long a name
        raise ConfigurationError(
            f"the name of a file in {folder}", f"{name[:60]!r}", "Correct it in params.yaml."
        ) from error
    if not is_inside:
        raise ConfigurationError(
            f"files inside {folder}", repr(name), "Move the file there: DVC watches that folder."
        )
    if not path.is_file():
        files = sorted(
            found.relative_to(folder).as_posix() for found in folder.rglob("*") if found.is_file()
        )
        raise DataError(
            f"a file {name!r} in {folder}",
            ", ".join(files) or "an empty folder",
            f"{_similar_file(name, files)}Correct source.files.tables in params.yaml."
            + ("" if {*files} - {"README.md"} else f" {_COPY_PATHS}"),
        )
    return path


def _similar_file(name: str, files: list[str]) -> str:
    """Return a hint at the file whose name is like another's, endings apart: all have those."""
    stems = {Path(file).name.split(".")[0].lower(): file for file in files}
    close = difflib.get_close_matches(Path(name).name.split(".")[0].lower(), stems, n=1, cutoff=0.7)
    return f"Did you mean {stems[close[0]]!r}? " if close else ""


def read_frame(path: Path, mapping: FileMapping, table: str) -> pd.DataFrame:
    """Read a file whole; see `read_frames`."""
    frames = list(read_frames(path, mapping, table))
    return frames[0] if len(frames) == 1 else pd.concat(frames)


def read_frames(path: Path, mapping: FileMapping, table: str) -> Iterator[pd.DataFrame]:
    """Read a file as the parameters say, some rows at a time; its columns keep the user's names.

    The last rows, be they none, come when the whole file has proved to be readable.

    Raises:
        ConfigurationError: an ending, encoding or delimiter that does not exist.
        DataError: the file cannot be read that way.
    """
    if path.name.lower().endswith(PARQUET_ENDING):
        return _read_parquet(path, _wanted(mapping, table))
    if not path.name.lower().endswith(TEXT_ENDINGS):
        raise ConfigurationError(
            f"a file that ends in {', '.join((*TEXT_ENDINGS, PARQUET_ENDING))}",
            path.name,
            "Export the table as CSV or parquet.",
        )
    _check_dialect(mapping, table)
    return _read_text(path, mapping, table)


def _wanted(mapping: FileMapping, table: str) -> Collection[str]:
    """Return the names under which a file has what the contract asks for, as far as they are known."""
    names = [one.names for one in RAW_TABLES if one.name == table]
    return mapping.columns.values() or [plain_name(name) for known in names for name in known]


def _read_parquet(path: Path, wanted: Collection[str]) -> Iterator[pd.DataFrame]:
    try:
        with pq.ParquetFile(path) as file:
            none = file.schema_arrow.empty_table()
            kept = _plain_columns(path, file.schema_arrow, wanted)
            batches = map(pa.Table.from_batches, ([one] for one in file.iter_batches(BATCH_ROWS)))
            for batch in batches if file.metadata.num_rows else iter([none]):
                frame: pd.DataFrame = batch.select(kept).to_pandas(types_mapper=pd.ArrowDtype)
                names = [plain_name(str(name)) for name in frame.columns]
                yield frame.set_axis(names, axis="columns")
    except pa.ArrowException as error:
        raise DataError(
            f"parquet in {path}", "a file that is none, or is cut short", "Export the table again."
        ) from error


def _plain_columns(path: Path, schema: pa.Schema, wanted: Collection[str]) -> list[str]:
    """Return the columns that hold one value a row; what others hold is no text of anybody's.

    Raises:
        DataError: one of the others is asked for: left out, it would be empty for everybody.
    """
    others = [one for one in schema if pa.types.is_nested(one.type) or _is_binary(one.type)]
    for one in others:
        if plain_name(one.name) in wanted:
            raise DataError(
                f"one value a row in column {one.name} of {path.name}",
                str(one.type),
                "Export it as text, a number or a date, or map the table's columns without it.",
            )
        log.warning("%s: column %s holds %s, which is not read", path, one.name, one.type)
    return [one.name for one in schema if one not in others]


def _is_binary(type_: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(type_)
        or pa.types.is_large_binary(type_)
        or pa.types.is_fixed_size_binary(type_)
    )


def _read_text(path: Path, mapping: FileMapping, table: str) -> Iterator[pd.DataFrame]:
    """Yield the rows below the header, all but the last batch as soon as they are read."""
    header: list[str] = []
    read = inside = breaks = 0
    texts = TextCounts()
    waiting: pd.DataFrame | None = None
    for cells in _read_cells(path, mapping, table):
        read, inside = read + len(cells), inside + count_breaks(cells)
        rows = cells
        if not header:
            header = [plain_name(name) for name in cells.iloc[0].fillna("")]
            _check_header(header, path, mapping, table)
            rows = cells.iloc[1:]
        rows = rows.set_axis(header, axis="columns")
        breaks += check_swallowed_lines(rows, path, mapping, table)
        texts += count_texts(rows)
        if waiting is not None:
            yield waiting
        waiting = rows
    tell_line_breaks(breaks, path, table)
    check_lines(CellCounts(read, inside, len(header)), path, mapping, table)
    check_encoding(texts, path, mapping, table)
    if waiting is not None:
        yield waiting


def _read_cells(path: Path, mapping: FileMapping, table: str) -> Iterator[pd.DataFrame]:
    return read_cells_in_batches(
        path,
        BATCH_ROWS,
        delimiter=mapping.delimiter,
        quote=mapping.quote,
        encoding=mapping.encoding,
        remedies=Remedies(
            encoding=f"Set {mapping.setting(table)}.encoding; exports from Windows are often "
            "cp1252, older ones latin-1.",
            delimiter=f"Correct {mapping.setting(table)}.delimiter, or put quotes around text "
            "that contains it.",
        ),
    )


def _check_dialect(mapping: FileMapping, table: str) -> None:
    try:
        codecs.lookup(mapping.encoding)
        "".encode(mapping.encoding)  # codecs that are not of text are not known to str
        is_of_files = codecs.lookup(mapping.encoding).name not in _OF_NO_FILE
    except (LookupError, UnicodeError, ValueError):
        is_of_files = False
    if not is_of_files:
        raise ConfigurationError(
            f"an encoding in {mapping.setting(table)}.encoding",
            repr(mapping.encoding),
            "Common ones are utf-8, latin-1 and cp1252.",
        )
    if len(mapping.delimiter) != 1 or mapping.delimiter in "\r\n\0":
        raise ConfigurationError(
            f"one character, none that ends a line, in {mapping.setting(table)}.delimiter",
            repr(mapping.delimiter),
            r'A tab is "\t" in double quotes.',
        )


def _check_header(header: list[str], path: Path, mapping: FileMapping, table: str) -> None:
    """Notice a delimiter that is not the file's: everything is then one column."""
    others = [shown for sign, shown in DELIMITERS.items() if sign in header[0]]
    if len(header) == 1 and others:
        raise DataError(
            f"columns separated by {mapping.delimiter!r} in {path}",
            f"one column {header[0]!r}",
            f"Set {mapping.setting(table)}.delimiter to {others[0]}.",
        )

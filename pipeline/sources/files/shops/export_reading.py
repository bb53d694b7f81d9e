"""The files of a shop's folder, each known by its header, read with the types of its export."""

import csv
import gzip
import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.foundation.config import FileMapping
from pipeline.foundation.contracts.conform import Formats, conform
from pipeline.foundation.contracts.tables import UNPARSED
from pipeline.foundation.contracts.text import plain_name
from pipeline.foundation.errors import DataError
from pipeline.sources.files.reading import PARQUET_ENDING, TEXT_ENDINGS, read_frame
from pipeline.sources.files.shops.exports import Export, export_of

log = logging.getLogger(__name__)

_FILE = "_file"
_TYPES = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


@dataclass(frozen=True)
class ReadExports:
    """A shop's exports by name, and the files that they were read from."""

    frames: Mapping[str, pd.DataFrame]
    """Each with every column of its export, empty where the files lack it, and `unparsed`."""
    files: tuple[str, ...]


def read_exports(folder: Path, exports: Sequence[Export], mapping: FileMapping) -> ReadExports:
    """Read every file of a folder that is one of the exports.

    Args:
        folder: of the shop's files.
        exports: the kinds of file that the shop system has.
        mapping: how text is read; its `file` does not matter.

    Raises:
        DataError: the folder is not there, or lacks an export that the shop cannot be read without.
    """
    if not folder.is_dir():
        raise DataError(
            f"a folder {folder}",
            "none",
            "Create it, or correct source.files.folder in params.yaml.",
        )
    found: dict[str, list[Path]] = {}
    unknown: list[str] = []
    for path in readable_files(folder):
        export = export_of(read_header(path, mapping), exports)
        if export is None:
            unknown.append(path.name)
        else:
            found.setdefault(export.name, []).append(path)
    _check_required(folder, exports, found, unknown)
    if unknown:
        log.warning("not read, since no export has such columns: %s", ", ".join(unknown))
    by_name = {export.name: export for export in exports}
    frames = {name: _read_files(by_name[name], paths, mapping) for name, paths in found.items()}
    return ReadExports(
        frames, tuple(sorted(path.name for paths in found.values() for path in paths))
    )


def readable_files(folder: Path) -> list[Path]:
    """Return the files of a folder that are text tables or parquet, in order of name."""
    endings = (*TEXT_ENDINGS, PARQUET_ENDING)
    return sorted(path for path in folder.iterdir() if path.name.lower().endswith(endings))


def read_header(path: Path, mapping: FileMapping) -> list[str]:
    """Return the column names of a file, none where its first line cannot be read."""
    if path.name.lower().endswith(PARQUET_ENDING):
        return [plain_name(name) for name in pq.read_schema(path).names]
    try:
        with _opened(path, mapping.encoding) as text:
            header = next(csv.reader(text, delimiter=mapping.delimiter), [])
    except (LookupError, csv.Error):  # no such encoding, or no text at all
        return []
    return [plain_name(name) for name in header]


def _opened(path: Path, encoding: str) -> IO[str]:
    """Open a file for its header: a byte that is no text is said when its rows are read."""
    marked = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rt", encoding=marked, errors="replace", newline="")
    return path.open(encoding=marked, errors="replace", newline="")


def _check_required(
    folder: Path, exports: Sequence[Export], found: Collection[str], unknown: Sequence[str]
) -> None:
    for export in exports:
        if export.required and export.name not in found:
            names = [column.headers[0] for column in export.columns if column.required]
            raise DataError(
                f"in {folder} a file with the columns {', '.join(names)}: the export {export.name}",
                ", ".join([*sorted(found), *unknown]) or "no file",
                "Export it, or correct source.files.template, source.files.shop.delimiter or "
                "encoding in params.yaml. docs/own_data.md says where each export is found.",
            )


def _read_files(export: Export, paths: Sequence[Path], mapping: FileMapping) -> pd.DataFrame:
    frames = []
    for place, path in enumerate(paths):
        rows = read_frame(path, mapping.model_copy(update={"file": path.name}), export.name)
        columns = export.found_columns(list(rows.columns))
        named = rows[list(columns.values())].set_axis(list(columns), axis="columns")
        frames.append(_typed(named, export, mapping).assign(**{_FILE: place}))
    rows = pd.concat(frames, ignore_index=True)
    kept = _latest(rows, export.key)
    log.info(
        "%s: %s rows of %s%s",
        export.name,
        f"{len(kept):,}",
        ", ".join(path.name for path in paths),
        f"; {len(rows) - len(kept):,} that a later file brings again"
        if len(kept) < len(rows)
        else "",
    )
    _warn_of_unread(kept, export)
    return kept.drop(columns=_FILE)


def _typed(rows: pd.DataFrame, export: Export, mapping: FileMapping) -> pd.DataFrame:
    formats = Formats(
        decimal=mapping.decimal,
        date_format=mapping.date_format,
        moment_format=mapping.moment_format,
        timezone=mapping.timezone,
        by_column=mapping.formats,
    )
    frame: pd.DataFrame = conform(rows, export.table, formats).to_pandas(types_mapper=_TYPES.get)
    return frame.rename(columns={UNPARSED: "unparsed"}).astype({"unparsed": "str"})


def _latest(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Keep, of what several files bring, the rows of the file whose name comes last."""
    newest = rows.groupby(key)[_FILE].transform("max")
    return rows[rows[key].isna() | (rows[_FILE] == newest)]


def _warn_of_unread(rows: pd.DataFrame, export: Export) -> None:
    faults = rows["unparsed"].dropna().map(json.loads)
    counts = faults.map(list).explode().value_counts().sort_index()
    for name, count in counts.items():
        log.warning("%s: %d values of %s cannot be read", export.name, count, name)

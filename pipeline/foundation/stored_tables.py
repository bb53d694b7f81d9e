"""A table as it is stored: one parquet file, a folder of parts, or a manifest of parts elsewhere.

DuckDB and the stages write one file, Spark a folder under the same name. Where `engine.storage` names
a cluster's storage, the parts lie there and a manifest takes the file's place: a few lines of JSON
that say where they are, how many rows they hold, of which columns, and the digest of the rows, which
hangs neither on their order nor on how they are cut into parts. DVC tracks whichever it is.

Parts are read in the order of their names, in which Spark writes them: sorted, as in one file.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow import fs
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.foundation import paths
from pipeline.foundation.errors import DataError
from pipeline.foundation.storage_addresses import find_parts_at, open_address

_PARQUET = b"PAR1"
_COPIED_ROWS = 500_000
_REMEDY = (
    "Look at engine.storage and at the credentials in the environment, or run the stage that writes "
    "it again (`dvc repro --force --single-item STAGE`)."
)


class Manifest(BaseModel):
    """What stands in place of a table whose parts lie in a cluster's storage."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    location: str
    rows: int
    columns: Mapping[str, str]
    digest: str
    names: Mapping[str, str] = {}
    """Of a table of the user's own that stays where it is: contract column -> the column there."""


@dataclass(frozen=True)
class Stored:
    """Where the parts of a table are."""

    filesystem: fs.FileSystem
    parts: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    """As in the manifest."""


def find_parts(path: Path) -> Stored:
    """Return where the parts of a table are, in order; a file is its one part.

    Raises:
        DataError: nothing there, or a manifest of parts that are not where it says.
    """
    manifest = read_manifest(path)
    if manifest is not None and manifest.names:
        parts = find_parts_at(manifest.location)
        return Stored(parts.filesystem, parts.files, manifest.names)
    if manifest is not None:
        filesystem, folder = open_address(manifest.location)
        return Stored(filesystem, _parts(filesystem, folder, f"{path} names {manifest.location}"))
    filesystem = fs.LocalFileSystem()
    if path.is_dir():
        return Stored(filesystem, _parts(filesystem, str(path), str(path)))
    return Stored(filesystem, (str(path),))


def read_manifest(path: Path) -> Manifest | None:
    """Return the manifest that stands in place of a table; None of a table that lies here."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        if file.read(len(_PARQUET)) == _PARQUET:
            return None
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (ValidationError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path} to be parquet or a manifest", "neither", "Run the stage that writes it again."
        ) from error


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write a manifest, whole or not at all; the same table gives the same bytes."""
    text = json.dumps(manifest.model_dump(exclude_defaults=True), indent=2, ensure_ascii=False)
    with paths.replacing(path) as partial:
        partial.write_text(text + "\n", encoding="utf-8")


def digest_of(rows: int, columns: Mapping[str, str], sums: Sequence[int]) -> str:
    """Return the digest of a table from the sums over its rows of hashes of each row."""
    told = json.dumps([rows, list(columns.items()), [str(one) for one in sums]])
    return sha256(told.encode()).hexdigest()[:32]


def read_table(
    path: Path,
    columns: Sequence[str] | None = None,
    filters: Any = None,
    read_dictionary: Sequence[str] | None = None,
) -> pa.Table:
    """Read a table into memory, as `pyarrow.parquet.read_table` reads a file."""
    stored = find_parts(path)
    asked = None if columns is None else list(columns)
    if stored.names:
        return _read_renamed(stored, asked)
    return pq.read_table(
        stored.parts[0] if len(stored.parts) == 1 else list(stored.parts),
        filesystem=stored.filesystem,
        columns=asked,
        filters=filters,
        read_dictionary=None if read_dictionary is None else list(read_dictionary),
        partitioning=None,
    )


def read_frame(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table into memory, as `pandas.read_parquet` reads a file."""
    if path.is_file() and read_manifest(path) is None:
        return pd.read_parquet(path, columns=None if columns is None else list(columns))
    return cast(pd.DataFrame, read_table(path, columns).to_pandas())


def read_schema(path: Path) -> pa.Schema:
    """Return the columns of a table, without what its writer added about itself."""
    stored = find_parts(path)
    schema: pa.Schema = pq.read_schema(stored.parts[0], filesystem=stored.filesystem)
    if stored.names:
        return pa.schema([schema.field(own).with_name(name) for name, own in stored.names.items()])
    return schema


def count_rows(path: Path) -> int:
    """Return the rows of a table, from its manifest or from the ends of its parts."""
    manifest = read_manifest(path)
    if manifest is not None:
        return manifest.rows
    stored = find_parts(path)
    return sum(
        int(pq.read_metadata(part, filesystem=stored.filesystem).num_rows) for part in stored.parts
    )


def count_nulls(path: Path, column: str) -> int:
    """Return how many values of a column are empty, from the ends of its parts where they say so."""
    stored = find_parts(path)
    return sum(_nulls_of(part, stored.filesystem, column) for part in stored.parts)


def _nulls_of(part: str, filesystem: fs.FileSystem, column: str) -> int:
    told = pq.read_metadata(part, filesystem=filesystem)
    place = told.schema.to_arrow_schema().names.index(column)
    chunks = [told.row_group(number).column(place) for number in range(told.num_row_groups)]
    if all(chunk.is_stats_set and chunk.statistics.has_null_count for chunk in chunks):
        return sum(int(chunk.statistics.null_count) for chunk in chunks)
    values = pq.read_table(part, filesystem=filesystem, columns=[column], partitioning=None)
    return int(values.column(column).null_count)


def iter_batches(path: Path, rows: int) -> Iterator[pa.RecordBatch]:
    """Yield a table in order, at most so many rows at a time."""
    stored = find_parts(path)
    for part in stored.parts:
        with pq.ParquetFile(part, filesystem=stored.filesystem) as file:
            yield from file.iter_batches(batch_size=rows)


def copy_table(path: Path, target: Path) -> None:
    """Copy a table to one file: a file byte by byte, parts wherever they are in their order."""
    if path.is_file() and read_manifest(path) is None:
        shutil.copyfile(path, target)
        return
    with pq.ParquetWriter(target, read_schema(path), compression="zstd") as writer:
        for batch in iter_batches(path, _COPIED_ROWS):
            writer.write_batch(batch)


def remove_table(path: Path) -> None:
    """Remove a table from this machine; what a manifest names stays for other manifests of it."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def as_dataset(path: Path) -> ds.Dataset:
    """Return a table that is read when asked, column by column."""
    stored = find_parts(path)
    return ds.dataset(list(stored.parts), filesystem=stored.filesystem, format="parquet")


def _read_renamed(stored: Stored, columns: Sequence[str] | None) -> pa.Table:
    """Read a table of the user's own, its columns as the contract calls them."""
    names = {name: stored.names[name] for name in columns or stored.names}
    rows = ds.dataset(list(stored.parts), filesystem=stored.filesystem, format="parquet")
    return rows.to_table(list(names.values())).rename_columns(list(names))


def _parts(filesystem: fs.FileSystem, folder: str, told: str) -> tuple[str, ...]:
    """Return the parts in a folder by name; Spark leaves other things in it that begin with `_` or `.`."""
    try:
        found = filesystem.get_file_info(fs.FileSelector(folder))
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"a folder of parquet: {told}", str(error), _REMEDY) from error
    names = sorted(
        info.path
        for info in found
        if info.type == fs.FileType.File
        and info.path.endswith(".parquet")
        and not info.base_name.startswith(("_", "."))
    )
    if not names:
        raise DataError(f"a folder of parquet: {told}", "no part in it", _REMEDY)
    return tuple(names)

"""What lies at an address of a storage: where its parquet is, and whether it may have changed.

Own tables of the user's that stay where they are may be one file or a folder of parts, in folders of
its own; what Spark passes over (names that begin with `_` or `.`) is passed over here too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow import fs

from pipeline.foundation.errors import DataError

SUFFIX = ".parquet"
_REMEDY = "Look at the address, and at the credentials in the environment."
# What Spark calls an address, and what Arrow does.
_SCHEMES = {"s3a": "s3", "s3n": "s3"}
_INT96 = "us"
"""What the moments of older writers are read as: Spark reads them so, and none in nanoseconds."""
_LOGS = {"/_delta_log/": "Delta", "/.hoodie/": "Hudi", ".metadata.json": "Iceberg"}
"""What is in the paths of formats of which a log says which files count."""


@dataclass(frozen=True)
class Parts:
    """The files of a table at an address, in the order of their names."""

    filesystem: fs.FileSystem
    files: tuple[str, ...]
    state: str
    """Digest of the names, sizes and times of the files: another one as soon as one is written."""
    place: str
    """The file or folder that the address names."""

    def dataset(self) -> ds.Dataset:
        """Return the rows, read when asked, column by column; codes are the texts that they stand for."""
        form = ds.ParquetFileFormat(coerce_int96_timestamp_unit=_INT96)
        schema = ds.dataset(self.files[0], filesystem=self.filesystem, format=form).schema
        return ds.dataset(
            list(self.files), plain_schema(schema), format=form, filesystem=self.filesystem
        )

    def schema_of(self, file: str) -> pa.Schema:
        """Return the columns of one of the files.

        Raises:
            DataError: it cannot be read as parquet.
        """
        try:
            with pq.ParquetFile(
                file, filesystem=self.filesystem, coerce_int96_timestamp_unit=_INT96
            ) as opened:
                return plain_schema(opened.schema_arrow)
        except (pa.ArrowException, OSError) as error:
            raise DataError(
                f"parquet in {file}",
                "a file that is none, or is cut short",
                "Have it written again where it comes from.",
            ) from error

    def folder_columns(self) -> frozenset[str]:
        """Return the columns that stand in the names of folders in the table's (`year=2024/`)."""
        inside = {file.removeprefix(self.place) for file in self.files}
        folders = {one for file in inside for one in file.split("/")[:-1] if "=" in one}
        return frozenset(one.partition("=")[0] for one in folders)


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return columns without what is the writer's choice: codes and long texts are texts."""
    return pa.schema([pa.field(one.name, _plain(one.type)) for one in schema])


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    is_text = pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return pa.string() if is_text else kind


def open_address(address: str) -> tuple[fs.FileSystem, str]:
    """Return the file system of an address and the path in it; secrets come from the environment.

    Raises:
        DataError: an address that Arrow cannot open.
    """
    scheme, _, rest = full_address(address).partition("://")
    if scheme == "file" and not rest.startswith("/"):
        raise DataError(
            "an address of a file system as file:///folder, with three slashes",
            address,
            f"Write file:///{rest}, from the root of the disk.",
        )
    if scheme == "file":
        return fs.LocalFileSystem(), rest  # as Hadoop reads it: a space is a space
    try:
        found: tuple[fs.FileSystem, str] = fs.FileSystem.from_uri(
            f"{_SCHEMES.get(scheme, scheme)}://{rest}"
        )
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(f"a storage at {address}", str(error), _REMEDY) from error
    return found


def full_address(address: str) -> str:
    """Return an address with its scheme: of a path of this machine, file://."""
    return address if "://" in address else f"file://{address}"


def find_parts_at(address: str) -> Parts:
    """Return the parquet at an address: the file, or all files in the folder and in those below it.

    Raises:
        DataError: nothing there, or the files of a format whose log says which of them count.
    """
    filesystem, place = open_address(address)
    place = place.rstrip("/")
    try:
        top = filesystem.get_file_info(place)
        is_file = top.type == fs.FileType.File
        found = (
            [top] if is_file else filesystem.get_file_info(fs.FileSelector(place, recursive=True))
        )
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"parquet at {address}", str(error), _REMEDY) from error
    if not is_file:
        _check_plain(address, found)
    files = sorted(
        (info for info in found if is_file or _is_part(info, place)), key=lambda info: info.path
    )
    if not files or not files[0].path.endswith(SUFFIX):
        raise DataError(f"a file {SUFFIX}, or a folder of such, at {address}", "none", _REMEDY)
    told = "\n".join(f"{info.path} {info.size} {info.mtime_ns}" for info in files)
    state = sha256(told.encode()).hexdigest()
    return Parts(filesystem, tuple(info.path for info in files), state, place)


def _is_part(info: fs.FileInfo, place: str) -> bool:
    inside = info.path.removeprefix(place).split("/")
    return (
        info.type == fs.FileType.File
        and info.path.endswith(SUFFIX)
        and not any(_is_passed_over(name) for name in inside)
    )


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or (name.startswith("_") and "=" not in name)


def _check_plain(address: str, found: Collection[fs.FileInfo]) -> None:
    """Refuse a folder whose files are not all of the table: some were replaced, and still lie there."""
    for mark, name in _LOGS.items():
        if any(mark in info.path for info in found):
            raise DataError(
                f"plain parquet at {address}",
                f"a table of {name}, among whose files are rows that it no longer has",
                "Have the cluster write its rows out as parquet, and name that folder.",
            )

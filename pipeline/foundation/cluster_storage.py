"""What lies under `engine.storage`: tables under their digest, uploads, and steps on the way.

A table is written aside and moved to the folder of its digest when it is whole: what stands there is
never changed, so that a manifest of last month, which DVC brings back, still names what it did.
"""

import uuid
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from pipeline.foundation.storage_addresses import open_address
from pipeline.foundation.stored_tables import find_parts

_WHOLE = "_WHOLE"
"""Written last into a folder: without it, the one before was stopped on its way."""


class ClusterStorage:
    """A folder that the driver and every executor can reach under one address."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self.scratch = f"{self._address}/steps/{uuid.uuid4().hex}"
        """Where this run keeps what it needs on the way."""

    def publish(self, written: str, name: str) -> str:
        """Move the parts of a folder to where they stay, and return its address."""
        return self._settle(f"{self._address}/tables/{name}", written)

    def upload(self, path: Path) -> str:
        """Copy a table of this machine, unless it is there already, and return its address."""
        stored = find_parts(path)
        address = f"{self._address}/uploads/{path.stem}-{_content_digest(stored.parts)}"
        if not _is_whole(address):
            copy = f"{self.scratch}/upload-{uuid.uuid4().hex}"
            filesystem, folder = _make_folder(copy)
            for place, part in enumerate(stored.parts):
                fs.copy_files(
                    part,
                    f"{folder}/{part_name(place)}",
                    source_filesystem=stored.filesystem,
                    destination_filesystem=filesystem,
                )
            self._settle(address, copy)
        return address

    def remember(self, rows: pa.Table, address: str) -> None:
        """Write a table of this process's memory to an address."""
        filesystem, folder = _make_folder(address)
        pq.write_table(rows, f"{folder}/{part_name(0)}", filesystem=filesystem)

    def forget(self) -> None:
        """Remove what was kept on the way."""
        filesystem, folder = open_address(self.scratch)
        if filesystem.get_file_info(folder).type != fs.FileType.NotFound:
            filesystem.delete_dir(folder)

    def _settle(self, address: str, written: str) -> str:
        if _is_whole(address):
            return address
        source, folder = open_address(written)
        filesystem, target = open_address(address)
        if filesystem.get_file_info(target).type != fs.FileType.NotFound:
            filesystem.delete_dir(target)
        filesystem.create_dir(target, recursive=True)
        for place, part in enumerate(_written_parts(source, folder)):
            filesystem.move(part, f"{target}/{part_name(place)}")
        with filesystem.open_output_stream(f"{target}/{_WHOLE}"):
            pass
        return address


def root_of(location: str) -> str:
    """Return the storage in which a table lies."""
    return location.rpartition("/tables/")[0]


def part_name(place: int) -> str:
    """Return the name of a table's part, by which parts are read in order."""
    return f"part-{place:05d}.parquet"


def _written_parts(filesystem: fs.FileSystem, folder: str) -> Iterator[str]:
    found = filesystem.get_file_info(fs.FileSelector(folder))
    yield from sorted(info.path for info in found if info.base_name.startswith("part-"))


def _is_whole(address: str) -> bool:
    filesystem, folder = open_address(address)
    return bool(filesystem.get_file_info(f"{folder}/{_WHOLE}").type == fs.FileType.File)


def _make_folder(address: str) -> tuple[fs.FileSystem, str]:
    filesystem, folder = open_address(address)
    filesystem.create_dir(folder, recursive=True)
    return filesystem, folder


def _content_digest(parts: tuple[str, ...]) -> str:
    """Return the digest of files of this machine."""
    found = sha256()
    for part in parts:
        with Path(part).open("rb") as file:
            found.update(file_digest(file, "sha256").digest())
    return found.hexdigest()[:32]

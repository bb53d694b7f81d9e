"""What of the customers may lie at a cluster's storage, which is not searched from here."""

import pyarrow as pa
from pyarrow import fs

from pipeline.commands.erasure.findings import Remaining
from pipeline.foundation import paths
from pipeline.foundation.cluster_storage import root_of
from pipeline.foundation.errors import DataError
from pipeline.foundation.storage_addresses import open_address
from pipeline.foundation.stored_tables import read_manifest

_REMEDY = (
    "A cluster's storage is not searched: delete tables/, uploads/ and steps/ below it, and the "
    "manifests in data/ that name it. The next run writes them anew without the erased."
)


def keeping_storages(storage: str | None) -> list[Remaining]:
    """Return the storages, as `engine.storage` and manifests name them, that are not empty."""
    named = {root_of(location) for location in _locations()}
    named |= set() if storage is None else {storage.rstrip("/")}
    return [Remaining(address, _REMEDY) for address in sorted(named) if _holds_something(address)]


def _locations() -> list[str]:
    found = []
    for path in sorted(paths.DATA.rglob("*.parquet")):
        try:
            manifest = read_manifest(path)
        except DataError:  # cut short: searched as bytes like any file
            continue
        if manifest is not None and not manifest.names:  # the user's own tables stay theirs
            found.append(manifest.location)
    return found


def _holds_something(address: str) -> bool:
    """Say whether anything lies at an address; what cannot be asked may."""
    try:
        filesystem, folder = open_address(address)
        inside = filesystem.get_file_info(
            fs.FileSelector(folder, allow_not_found=True, recursive=True)
        )
    except (DataError, pa.ArrowException, OSError):
        return True
    return any(info.type == fs.FileType.File for info in inside)

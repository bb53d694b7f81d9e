"""DVC's cache and remotes, and the files that its stages write, by DVC's own code."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.foundation.errors import DataError

_LISTING = ".dir"
"""Ends the name of an object that lists the files of a folder."""


@dataclass(frozen=True)
class DvcStore:
    """What DVC keeps of a project."""

    repo: Any

    @property
    def outputs(self) -> list[Path]:
        """Return what stages write and DVC can make anew, relative to the project."""
        root = Path(self.repo.root_dir)
        outs = [out for out in self.repo.index.outs if not out.persist]
        return sorted(Path(out.fs_path).relative_to(root) for out in outs)

    @property
    def cache(self) -> Path:
        """Return the folder of the cache's objects, those of older layouts too."""
        path = Path(self.repo.cache.local.path)
        return path.parents[1] if path.parts[-2:] == ("files", "md5") else path

    @property
    def remotes(self) -> list[str]:
        """Return the names of the remotes."""
        return sorted(self.repo.config.get("remote", {}))

    def local_remote(self, name: str) -> Path | None:
        """Return the folder of a remote that is one on this machine; else None."""
        odb = self.repo.cloud.get_remote_odb(name)
        return Path(odb.path) if odb.fs.protocol in ("local", ("local", "file")) else None

    def delete_remotely(self, name: str, objects: list[str]) -> int:
        """Delete objects of a remote that it has; return how many."""
        odb = self.repo.cloud.get_remote_odb(name)
        found = [oid for oid in objects if odb.exists(oid)]
        for oid in found:
            odb.delete(oid)
        return len(found)


@contextmanager
def open_dvc_store() -> Iterator[DvcStore]:
    """Open the project's DVC, alone: nothing runs beside it.

    Raises:
        DataError: DVC is at work on the project.
    """
    from dvc.exceptions import DvcException  # noqa: PLC0415 - takes a second, and most never need it
    from dvc.repo import Repo  # noqa: PLC0415 - as above

    with Repo() as repo:
        try:
            repo.lock.lock()
        except DvcException:
            raise DataError(
                "no run of DVC on this project",
                "one at work",
                "Wait until it has ended, and call this again.",
            ) from None
        try:
            yield DvcStore(repo)
        finally:
            repo.lock.unlock()


def find_objects(folder: Path, is_sought: Callable[[Path], bool]) -> list[Path]:
    """Return the objects of a cache that are sought, and the listings that name any of them."""
    every = sorted(path for path in folder.rglob("*") if path.is_file())
    listings = [path for path in every if path.name.endswith(_LISTING)]
    found = [path for path in every if not path.name.endswith(_LISTING) and is_sought(path)]
    names = {name_of(path) for path in found}
    telling = [path for path in listings if _names(path) & names]
    return [*telling, *found]


def name_of(path: Path) -> str:
    """Return the hash that an object is named by."""
    return path.parent.name + path.name


def _names(listing: Path) -> set[str]:
    try:
        entries = json.loads(listing.read_text(encoding="utf-8"))
    except ValueError:
        return set()
    return {str(entry.get("md5")) for entry in entries}

"""Leftovers of a killed run: what lies aside in data/tmp may hold customers, and nobody asks for it.

Whoever writes a folder aside holds its lock; a leftover is one whose lock is free.
"""

import contextlib
import shutil
from pathlib import Path

from pipeline.foundation import paths

_ALL = 0o7
"""The rights of those who are neither the owner nor in the group."""
_KEPT_FROM_OTHERS = (paths.DATA, paths.TRACKING, Path(".dvc/cache"), Path(".dvc/tmp"))


def remove_leftovers() -> None:
    """Remove what killed runs wrote aside, and undo a replacement that was killed half-way."""
    for lock in sorted(paths.TEMPORARY.glob(f"*{paths.LOCK}")):
        if lock == paths.MONTHLY_LOCK:
            continue
        with paths.holding(lock, waits=False) as is_free:
            if is_free:
                _remove(lock.with_suffix(""))
    for lock in sorted(paths.TEMPORARY.glob(f"{paths.OWN}*/{paths.LOCK}")):
        with contextlib.suppress(FileNotFoundError), paths.holding(lock, waits=False) as is_free:
            if is_free:
                shutil.rmtree(lock.parent, ignore_errors=True)


def _remove(aside: Path) -> None:
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(aside.with_name(f"{aside.name}.fresh"), ignore_errors=True)
    former = aside.with_name(f"{aside.name}.former")
    if former.is_dir():
        paths.put_back(Path(*aside.name.split(".")))


def close_to_others() -> None:
    """Take from the folders that hold customers the rights of everybody else on the machine."""
    for folder in _KEPT_FROM_OTHERS:
        if folder.is_dir():
            mode = folder.stat().st_mode
            with contextlib.suppress(PermissionError):  # somebody else's folder is theirs to close
                if mode & _ALL:
                    folder.chmod(mode & ~_ALL)

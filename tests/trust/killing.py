"""A kill at the n-th change of a disk, without a process of its own.

Python tells its audit hooks (PEP 578) of every file that is opened for writing, renamed or removed;
pyarrow, DuckDB and SQLAlchemy do not, and are asked to. A killed process changes nothing more: once
killed, whatever would still be cleaned up is not.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis.backends.duckdb
import pyarrow.parquet as pq
import pytest

_CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_OF_DVC = "/.dvc/tmp"
_PARQUET = "tests.parquet"
NEVER = 1 << 30


class KilledError(BaseException):
    """No handler of the code sees it, as none sees a kill."""


@dataclass
class _Killer:
    """What counts changes, and kills at one of them."""

    root: str = ""
    at: int = NEVER
    changes: list[str] = field(default_factory=list)
    is_armed: bool = False
    is_dead: bool = False

    def tell(self, change: str, torn: str | None = None) -> None:
        """Count a change that is about to be made; of a file that is opened, its being empty too."""
        if not self.is_armed:
            return
        for is_torn in (False, True) if torn else (False,):
            if self.is_dead or len(self.changes) == self.at:
                if is_torn and not self.is_dead:
                    self._tear(torn or "")
                self.is_dead = True
                raise KilledError(change)
            self.changes.append(f"{change}{' torn' if is_torn else ''}")

    def _tear(self, path: str) -> None:
        self.is_armed = False
        Path(path).write_bytes(b"")
        self.is_armed = True


_killer = _Killer()


def _hear(event: str, given: tuple[Any, ...]) -> None:
    if not _killer.is_armed:
        return
    is_open = event == "open" and isinstance(given[2], int) and bool(given[2] & _WRITES)
    if not (is_open or event in _CHANGES or event == _PARQUET) or isinstance(given[0], int):
        return
    path = str(Path(os.fsdecode(given[0])).absolute())
    if path.startswith(_killer.root) and not path.endswith(".lock") and _OF_DVC not in path:
        is_written = is_open or event == _PARQUET
        _killer.tell(f"{event} {path.removeprefix(_killer.root)}", path if is_written else None)


sys.addaudithook(_hear)


@contextmanager
def killed_at(change: int = NEVER) -> Iterator[list[str]]:
    """Kill what is done inside at its n-th change below the working folder; tell the changes."""
    with pytest.MonkeyPatch.context() as patched:
        _tell_of_parquet(patched)
        _killer.__init__(f"{Path.cwd()}{os.sep}", change, [], True, False)  # type: ignore[misc]
        try:
            yield _killer.changes
        finally:
            _killer.is_armed = False


def _tell_of_parquet(patched: pytest.MonkeyPatch) -> None:
    """Let writers that Python does not hear of tell what they do."""
    opened, closed = pq.ParquetWriter.__init__, pq.ParquetWriter.close
    written = ibis.backends.duckdb.Backend.to_parquet

    def open_(self: Any, where: Any, *given: Any, **named: Any) -> None:
        sys.audit(_PARQUET, where)
        opened(self, where, *given, **named)

    def close(self: Any) -> None:
        if _killer.is_dead:
            self.is_open = False  # cut short, as a kill leaves it
        else:
            closed(self)

    def write(self: Any, expression: Any, path: Any, **named: Any) -> None:
        sys.audit(_PARQUET, path)
        written(self, expression, path, **named)

    patched.setattr(pq.ParquetWriter, "__init__", open_)
    patched.setattr(pq.ParquetWriter, "close", close)
    patched.setattr(ibis.backends.duckdb.Backend, "to_parquet", write)


def tell(change: str) -> None:
    """Count a change that neither Python nor a patch hears of, such as a statement of a database."""
    _killer.tell(change)


def count_changes(run: Callable[[], object]) -> list[str]:
    """Return the changes of an undisturbed run."""
    with killed_at() as changes:
        run()
    return changes


def kill(run: Callable[[], object], change: int) -> None:
    """Run, and be killed at a change."""
    with killed_at(change), pytest.raises(KilledError):
        run()

"""File lock: one run at a time, and none that outlives its run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.foundation import paths


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Give whether this is the only holder; the system frees the lock of a process that dies."""
    with paths.holding(path, waits=False) as is_alone:
        yield is_alone

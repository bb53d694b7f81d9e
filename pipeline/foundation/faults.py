"""Faults of files and disks, in words: what a stage's user can act on without a traceback.

What a library says of a value that it could not read may hold a customer's row, so that nothing of
it is passed on but the file.
"""

import errno
import os
import re

from pipeline.foundation.errors import DataError, PipelineError

_OF_TABLES = ("pyarrow.", "duckdb.", "_duckdb")
_ENGINE_IS_FULL = "OutOfMemoryException"
"""DuckDB's, by its name: what reads parameters alone does not wait for DuckDB to be imported."""
_FILE = re.compile(r"[\w./\-]+\.parquet")
_DISK = {
    errno.ENOSPC: ("room on the disk", "Free some (`dvc gc`, data/tmp), and run it again."),
    errno.EDQUOT: ("room within the quota", "Free some, or ask for more, and run it again."),
    errno.EFBIG: ("files that may grow", "Lift the limit of the file size, and run it again."),
    errno.EROFS: ("a disk that may be written to", "Mount it for writing, and run it again."),
    errno.EACCES: ("the right to read and write", "Correct the rights, and run it again."),
    errno.EPERM: ("the right to read and write", "Correct the rights, and run it again."),
    errno.EMFILE: ("files that may be opened", "Raise `ulimit -n`, and run it again."),
    errno.ELOOP: ("a path without a loop of links", "Remove the link, and run it again."),
    errno.ENAMETOOLONG: ("a path that is short enough", "Shorten the name, and run it again."),
    errno.EIO: ("a disk that can be read", "Look after the disk, and run it again."),
}
_SAID = {os.strerror(code).lower(): code for code in _DISK}
"""What the system says of a code: DuckDB hands on the words and no number."""
_CODES = re.compile("|".join((r"errno (\d+)", *map(re.escape, _SAID))), re.IGNORECASE)


def in_words(error: Exception) -> PipelineError | None:
    """Return what a fault of a file or a disk means; None for any other error."""
    if isinstance(error, MemoryError):
        remedy = "Lower engine.memory_gb and engine.threads, or run it on a larger machine."
        return DataError("memory enough", "no more of it", remedy)
    if type(error).__name__ == _ENGINE_IS_FULL:
        remedy = "Raise engine.memory_gb, or lower engine.threads, and run it again."
        return DataError("memory enough for the engine", "engine.memory_gb used up", remedy)
    code = _code_of(error)
    if code in _DISK:
        expected, remedy = _DISK[code]
        return DataError(expected, f"{error.__class__.__name__} {_place_of(error)}".strip(), remedy)
    if isinstance(error, FileNotFoundError):
        return DataError("a file", f"none at {_place_of(error)}", "Run dvc repro, which writes it.")
    if isinstance(error, OSError) or type(error).__module__.startswith(_OF_TABLES):
        return _of_tables(error)
    return None


def _of_tables(error: Exception) -> DataError | None:
    """Return the words for a table that cannot be read; None where no file is named."""
    found = _FILE.search(str(error))
    is_cut = re.search(
        r"magic|footer|corrupt|deserialize|snappy|zstd|checksum|parquet", str(error), re.IGNORECASE
    )
    if not is_cut:
        return None
    return DataError(
        f"in {found[0] if found else 'a parquet file'} a table as it was written",
        "one that is cut short or changed",
        "Run dvc checkout, which puts back what was written, or remove the file and run dvc repro.",
    )


def _code_of(error: Exception) -> int | None:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    if not (isinstance(error, OSError) or type(error).__module__.startswith(_OF_TABLES)):
        return None
    found = _CODES.search(str(error))
    if found is None:
        return None
    if found[1]:
        return int(found[1])
    return _SAID[found[0].lower()]


def _place_of(error: Exception) -> str:
    return str(getattr(error, "filename", None) or "")

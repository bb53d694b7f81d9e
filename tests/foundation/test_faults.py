import errno
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.foundation.faults import in_words


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "data/raw/x"), "room on the disk"),
        (OSError(errno.EROFS, "Read-only file system", "data"), "written to"),
        (PermissionError(errno.EACCES, "Permission denied", "data"), "the right to read and write"),
        (OSError(errno.ELOOP, "Too many levels", "a"), "without a loop"),
        (FileNotFoundError(errno.ENOENT, "No such file", "data/x.json"), "none at data/x.json"),
        (pa.ArrowException("IOError: [errno 28] No space left"), "room on the disk"),
        (MemoryError(), "memory enough"),
    ],
)
def test_a_fault_of_the_disk_is_told_with_its_remedy(error: Exception, said: str) -> None:
    told = in_words(error)
    assert told is not None
    assert said in str(told)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Failed to commit: File too large", "files that may grow"),
        ('Cannot open "x": Too many open files', "files that may be opened"),
        ("Could not read: Input/output error", "a disk that can be read"),
    ],
)
def test_a_fault_that_duckdb_tells_without_its_number_is_told_too(words: str, said: str) -> None:
    assert said in str(in_words(duckdb.IOException(words)))


@pytest.mark.parametrize("size", [0, 3, 100])
def test_a_table_that_is_cut_short_is_told(tmp_path: Path, size: int) -> None:
    path = tmp_path / "customers.parquet"
    pq.write_table(pa.table({"customer_id": ["ana@example.com"] * 50}), path)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises((pa.ArrowException, OSError)) as caught:
        pq.read_table(path)
    told = str(in_words(caught.value))
    assert "cut short or changed" in told
    assert "ana@" not in told


def test_an_error_of_the_code_keeps_its_traceback() -> None:
    assert in_words(KeyError("customer_id")) is None
    assert in_words(ValueError("no")) is None


def test_an_engine_whose_memory_is_used_up_is_told_which_parameter_to_raise() -> None:
    with duckdb.connect(config={"memory_limit": "12MB", "threads": 1}) as connection:
        with pytest.raises(duckdb.OutOfMemoryException) as caught:
            connection.sql("SELECT list(i) FROM range(10000000) AS numbers(i)").fetchall()
        told = in_words(caught.value)
    assert told is not None
    assert "Raise engine.memory_gb" in str(told)

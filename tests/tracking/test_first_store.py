"""The tracking store is made whole or not at all, by one run or by several."""

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.foundation.errors import DataError
from pipeline.tracking.first_store import make_store
from pipeline.tracking.location import STORE_FILE

ROOT = Path(__file__).parents[2]
MAKE = "import sys; from pathlib import Path; from pipeline.tracking.first_store import make_store; make_store(Path(sys.argv[1]))"


def start(folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", MAKE, str(folder)], cwd=ROOT)


def tables(store: Path) -> int:
    with sqlite3.connect(store) as opened:
        (found,) = opened.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'")
    return int(found[0])


@pytest.mark.slow  # MLflow takes seconds to start
def test_a_killed_first_run_leaves_no_store_and_two_at_once_make_one(tmp_path: Path) -> None:
    killed = start(tmp_path)
    while not (tmp_path / "aside" / STORE_FILE).exists():
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    assert not (tmp_path / STORE_FILE).exists()
    both = [start(tmp_path), start(tmp_path)]
    assert [process.wait() for process in both] == [0, 0]
    assert tables(tmp_path / STORE_FILE) > 30
    assert not (tmp_path / "aside").exists()
    make_store(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a database at all, but a file " * 40])
def test_half_a_store_is_known_and_its_remedy_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / STORE_FILE).write_bytes(content)
    with pytest.raises(DataError, match=r"made whole; found .* Remove .*mlflow\.db"):
        make_store(tmp_path)


def test_a_store_without_its_default_experiment_is_half_made(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / STORE_FILE) as opened:
        opened.execute("CREATE TABLE alembic_version (version_num TEXT)")
        opened.execute("INSERT INTO alembic_version VALUES ('a')")
        opened.execute("CREATE TABLE experiments (name TEXT)")
    with pytest.raises(DataError, match="without all of its tables"):
        make_store(tmp_path)


def test_models_that_have_lost_their_files_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = tmp_path / "a b" / "artifacts" / "models"
    (kept / "m-1").mkdir(parents=True)
    with sqlite3.connect(tmp_path / "a b" / STORE_FILE) as opened:
        for table in ("alembic_version", "experiments"):
            opened.execute(f"CREATE TABLE {table} (name TEXT)")
            opened.execute(f"INSERT INTO {table} VALUES ('x')")  # noqa: S608 - a test's own
        opened.execute("CREATE TABLE logged_models (artifact_location, lifecycle_stage, status)")
        opened.executemany(
            "INSERT INTO logged_models VALUES (?, ?, ?)",
            [
                ((kept / "m-1").as_uri(), "active", 2),
                ((kept / "m-2").as_uri(), "active", 2),
                ((kept / "m-3").as_uri(), "deleted", 2),
                ((kept / "m-4").as_uri(), "active", 1),
            ],
        )
    make_store(tmp_path / "a b")
    assert "1 of the 2 models" in caplog.text
    caplog.clear()
    (kept / "m-2").mkdir()
    make_store(tmp_path / "a b")
    assert caplog.text == ""


def test_files_of_runs_without_their_store_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "artifacts" / "1").mkdir(parents=True)
    with pytest.raises(DataError, match=r"removed or lost. Put a copy of it back; or remove"):
        make_store(tmp_path)

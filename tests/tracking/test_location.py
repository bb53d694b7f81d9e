"""Runs are recorded in the project unless a team has a server."""

import sqlite3
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from sqlalchemy import create_engine, text

from pipeline.tracking.location import locate

ODD_NAMES = ["a%20b", "feature%2Fx", "what?", "a#b", "a b", "ñ", "a&b=c", "a:b@c", "[x]"]


def test_the_store_of_the_project_is_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    location = locate(Path("mlruns"), None)
    assert location.uri == f"sqlite:///{tmp_path}/mlruns/mlflow.db"
    assert location.artifacts == f"file://{tmp_path}/mlruns/artifacts"


@pytest.mark.parametrize("name", ODD_NAMES)
def test_the_store_stands_in_the_project_whatever_its_folder_is_called(
    tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name / "mlruns"
    folder.mkdir(parents=True)
    location = locate(folder, None)
    engine = create_engine(location.uri)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE told (word TEXT)"))
        connection.execute(text("INSERT INTO told VALUES ('here')"))
    engine.dispose()
    with sqlite3.connect(folder / "mlflow.db") as stored:
        assert stored.execute("SELECT word FROM told").fetchall() == [("here",)]
    assert unquote(urlparse(str(location.artifacts)).path) == str(folder / "artifacts")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_named_server_wins() -> None:
    location = locate(Path("mlruns"), "http://tracking.example:5000")
    assert location.uri == "http://tracking.example:5000"
    assert not location.is_local
    assert location.is_served


def test_a_store_without_a_server_is_served_by_the_ui() -> None:
    assert not locate(Path("mlruns"), "sqlite:////shared/mlflow.db").is_served

"""Runs are recorded in the project unless a team has a server."""

from pathlib import Path

import pytest

from pipeline.tracking.location import locate


def test_the_store_of_the_project_is_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    location = locate(Path("mlruns"), None)
    assert location.uri == f"sqlite:///{tmp_path}/mlruns/mlflow.db"
    assert location.artifacts == f"file://{tmp_path}/mlruns/artifacts"


def test_a_named_server_wins() -> None:
    location = locate(Path("mlruns"), "http://tracking.example:5000")
    assert location.uri == "http://tracking.example:5000"
    assert not location.is_local
    assert location.is_served


def test_a_store_without_a_server_is_served_by_the_ui() -> None:
    assert not locate(Path("mlruns"), "sqlite:////shared/mlflow.db").is_served

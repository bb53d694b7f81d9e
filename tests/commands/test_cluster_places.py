"""An erasure says that rows at a cluster's storage are left, until nothing lies there."""

import shutil
from pathlib import Path

import pytest

from pipeline.commands.erasure.cluster_places import keeping_storages
from pipeline.foundation import paths, stored_tables
from pipeline.foundation.stored_tables import Manifest


def test_a_storage_that_a_manifest_names_is_left_to_be_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    part = tmp_path / "storage" / "tables" / "customers-12" / "part-00000.parquet"
    part.parent.mkdir(parents=True)
    part.touch()
    location = f"file://{part.parent}"
    manifest = Manifest(location=location, rows=1, columns={}, digest="12")
    stored_tables.write_manifest(manifest, paths.table(paths.VALIDATED, "customers"))
    left = keeping_storages(None)
    assert [one.place for one in left] == [f"file://{tmp_path}/storage"]
    assert "delete tables/, uploads/ and steps/" in left[0].remedy
    shutil.rmtree(tmp_path / "storage")
    assert keeping_storages(f"file://{tmp_path}/storage/") == []


def test_a_storage_that_cannot_be_asked_may_hold_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [one.place for one in keeping_storages("nosuch://place")] == ["nosuch://place"]

import os
from pathlib import Path

import pytest

from pipeline.foundation import paths
from pipeline.foundation.leftovers import close_to_others, remove_leftovers

EXPORTS = "data.exports"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def leave(role: str) -> Path:
    folder = paths.TEMPORARY / f"{EXPORTS}{role}"
    folder.mkdir(parents=True)
    (folder / "offers.csv").write_text("ana@example.com", encoding="utf-8")
    (paths.TEMPORARY / f"{EXPORTS}.lock").touch()
    return folder


def test_what_a_killed_export_wrote_aside_is_removed() -> None:
    folder = leave(".fresh")
    remove_leftovers()
    assert not folder.exists()


def test_what_a_living_one_writes_is_left_alone() -> None:
    folder = leave(".fresh")
    with paths.holding(paths.TEMPORARY / f"{EXPORTS}.lock"):
        remove_leftovers()
    assert folder.exists()


def test_a_replacement_that_was_killed_half_way_is_undone() -> None:
    former = leave(".former")
    remove_leftovers()
    assert not former.exists()
    assert (paths.EXPORTS / "offers.csv").exists()


def test_what_validate_gathers_aside_goes_too() -> None:
    with paths.scratch("validated") as folder:
        (folder / "customers.parquet").touch()
        remove_leftovers()
        assert folder.exists()
    assert not folder.exists()
    folder.mkdir()
    remove_leftovers()
    assert not folder.exists()


def test_what_a_killed_process_kept_of_rows_goes_and_what_a_living_one_keeps_stays() -> None:
    dead, living = paths.OwnFolder(), paths.OwnFolder()
    for folder in (dead, living):
        Path(folder.name, "rows.parquet").write_text("ana@example.com", encoding="utf-8")
    dead._lock.close()  # noqa: SLF001 - as the system does for a killed process
    remove_leftovers()
    assert not Path(dead.name).exists()
    assert Path(living.name, "rows.parquet").exists()
    living.cleanup()
    assert list(paths.TEMPORARY.iterdir()) == []


def test_others_on_the_machine_may_not_look_into_the_data() -> None:
    paths.EXPORTS.mkdir(parents=True)
    paths.DATA.chmod(0o755)
    close_to_others()
    assert paths.DATA.stat().st_mode & 0o777 == 0o750


def test_a_partial_file_of_a_killed_process_goes_and_that_of_a_living_one_stays() -> None:
    report = Path("report.json")
    dead, living = (
        Path(".report.json.999999999.partial"),
        Path(f".report.json.{os.getppid()}.partial"),
    )
    dead.touch()
    living.touch()
    with paths.replacing(report) as partial:
        partial.touch()
    assert (report.exists(), dead.exists(), living.exists()) == (True, False, True)

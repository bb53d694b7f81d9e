from pathlib import Path

import pytest

from pipeline.foundation import paths


def test_a_file_is_replaced_once_it_is_written_whole(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "report.json"
    with paths.replacing(file) as partial:
        partial.write_text("new", encoding="utf-8")
        assert not file.exists()
    assert file.read_text(encoding="utf-8") == "new"
    assert list(file.parent.iterdir()) == [file]


def stop_half_way(file: Path) -> None:
    with paths.replacing(file) as partial:
        partial.write_text("ne", encoding="utf-8")
        raise OSError("disk full")


def test_a_file_that_is_written_in_part_leaves_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("old", encoding="utf-8")
    with pytest.raises(OSError, match="full"):
        stop_half_way(file)
    assert file.read_text(encoding="utf-8") == "old"


def stop_half_way_in(folder: Path) -> None:
    with paths.replacing_folder(folder) as fresh:
        (fresh / "new.csv").write_text("ne", encoding="utf-8")
        raise OSError("disk full")


def test_a_folder_is_replaced_whole_or_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    paths.EXPORTS.mkdir(parents=True)
    (paths.EXPORTS / "old.csv").touch()
    with pytest.raises(OSError, match="full"):
        stop_half_way_in(paths.EXPORTS)
    assert [path.name for path in paths.EXPORTS.iterdir()] == ["old.csv"]
    with paths.replacing_folder(paths.EXPORTS) as fresh:
        (fresh / "newer.csv").touch()
    assert [path.name for path in paths.EXPORTS.iterdir()] == ["newer.csv"]

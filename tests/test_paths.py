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

"""What lies at an address: the files that Spark reads too, and whether one was written since."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.foundation.errors import DataError
from pipeline.foundation.storage_addresses import find_parts_at, full_address


def write(path: Path, *ids: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"id": list(ids)}), path)
    return path


def test_what_spark_passes_over_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "b.parquet", "b")
    write(tmp_path / "year=2025" / "a.parquet", "c")
    write(tmp_path / "_region=north" / "a.parquet", "a")
    for name in ("_temporary/0/a.parquet", ".a.parquet", ".old/a.parquet", "_a.parquet"):
        write(tmp_path / name, "not a row")
    (tmp_path / "_SUCCESS").touch()
    (tmp_path / "notes.txt").touch()
    found = find_parts_at(f"file://{tmp_path}/")
    assert [one.removeprefix(f"{tmp_path}/") for one in found.files] == [
        "_region=north/a.parquet",
        "b.parquet",
        "year=2025/a.parquet",
    ]
    assert found.dataset().to_table().to_pydict() == {"id": ["a", "b", "c"]}
    assert found.folder_columns() == {"_region", "year"}


def test_a_file_is_its_one_part_and_is_known_by_its_name(tmp_path: Path) -> None:
    path = write(tmp_path / "one.parquet", "a")
    assert find_parts_at(str(path)).files == (str(path),)
    with pytest.raises(DataError, match=r"expected a file \.parquet, or a folder of such, at"):
        find_parts_at(str(path.rename(tmp_path / "one.csv")))


def test_a_file_that_is_written_again_shows(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", "a")
    before = find_parts_at(str(tmp_path)).state
    assert find_parts_at(str(tmp_path)).state == before
    write(tmp_path / "a.parquet", "b")  # as many bytes, later
    assert find_parts_at(str(tmp_path)).state != before


def test_a_path_of_this_machine_is_an_address() -> None:
    assert full_address("/lake/a b") == "file:///lake/a b"
    assert full_address("s3a://lake/a") == "s3a://lake/a"


def test_an_address_of_no_known_kind_is_told() -> None:
    with pytest.raises(DataError, match=r"expected a storage at nosuch://lake/a.*credentials"):
        find_parts_at("nosuch://lake/a")


def test_a_folder_above_the_table_has_no_columns_of_it(tmp_path: Path) -> None:
    write(tmp_path / "brand=x" / "products" / "year=2025" / "a.parquet", "a")
    assert find_parts_at(str(tmp_path / "brand=x" / "products")).folder_columns() == {"year"}


def test_a_file_address_begins_at_the_root() -> None:
    with pytest.raises(
        DataError, match=r"three slashes; found file://lake/a\. Write file:///lake/a"
    ):
        find_parts_at("file://lake/a")

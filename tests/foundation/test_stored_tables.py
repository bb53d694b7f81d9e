"""A table reads the same from a file, a folder of parts and a manifest of parts elsewhere."""

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.foundation import paths, stored_tables
from pipeline.foundation.config import EngineParams
from pipeline.foundation.engines import open_engine
from pipeline.foundation.errors import DataError
from pipeline.foundation.stored_tables import Manifest

TABLE = pa.table({"id": ["a", "b", "c"], "cents": [1, 2, None]})


def _folder(folder: Path) -> Path:
    """Write the table as two parts, beside what Spark leaves in a folder."""
    folder.mkdir(parents=True)
    pq.write_table(TABLE.slice(2), folder / "part-00001.parquet")
    pq.write_table(TABLE.slice(0, 2), folder / "part-00000.parquet")
    (folder / "_SUCCESS").touch()
    (folder / ".part-00000.parquet.crc").touch()
    return folder


@pytest.fixture(params=["file", "folder", "manifest"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return the same table in each of its forms."""
    path = tmp_path / "table.parquet"
    if request.param == "file":
        pq.write_table(TABLE, path)
    elif request.param == "folder":
        _folder(path)
    else:
        place = _folder(tmp_path / "my storage" / "table")
        columns = {"id": "string", "cents": "bigint"}
        manifest = Manifest(location=f"file://{place}", rows=3, columns=columns, digest="0")
        stored_tables.write_manifest(manifest, path)
    return path


def test_a_table_is_read_in_the_order_of_its_parts(stored: Path) -> None:
    assert stored_tables.read_table(stored).equals(TABLE)
    assert stored_tables.read_frame(stored)["id"].tolist() == ["a", "b", "c"]
    batches = list(stored_tables.iter_batches(stored, 1))
    assert pa.Table.from_batches(batches).equals(TABLE)


def test_columns_rows_and_a_part_of_a_table_are_told(stored: Path) -> None:
    assert stored_tables.read_schema(stored).equals(TABLE.schema)
    assert stored_tables.count_rows(stored) == 3
    some = stored_tables.read_table(stored, columns=["cents"], filters=[("id", "==", "b")])
    assert some.to_pydict() == {"cents": [2]}


def test_empty_values_are_counted(stored: Path) -> None:
    assert stored_tables.count_nulls(stored, "cents") == 1
    assert stored_tables.count_nulls(stored, "id") == 0


def test_empty_values_are_counted_where_the_file_does_not_tell(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pq.write_table(TABLE, path, write_statistics=False)
    assert stored_tables.count_nulls(path, "cents") == 1


def test_duckdb_reads_every_form(stored: Path) -> None:
    with open_engine(EngineParams(name="duckdb", threads=1, memory_gb=1)) as engine:
        rows = engine.read(stored)
        assert engine.arrow(rows.order_by("id")).equals(TABLE)
        assert engine.arrow(rows.filter(rows.cents == 2).select("id")).to_pydict() == {"id": ["b"]}


def test_a_file_takes_the_place_of_a_folder_and_leaves_no_part(tmp_path: Path) -> None:
    path = _folder(tmp_path / "table.parquet")
    with paths.replacing(path) as partial:
        pq.write_table(TABLE, partial)
    assert path.is_file()
    with paths.replacing(path) as partial:
        _folder(partial)
    assert path.is_dir()
    assert [one.name for one in tmp_path.iterdir()] == ["table.parquet"]


def test_a_copy_is_one_file_and_what_is_removed_is_gone(stored: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.parquet"
    stored_tables.copy_table(stored, copy)
    assert pq.read_table(copy).equals(TABLE)
    stored_tables.remove_table(stored)
    assert not stored.exists()


def test_a_manifest_of_parts_that_are_gone_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    gone = Manifest(location=f"file://{tmp_path}/gone", rows=3, columns={}, digest="0")
    stored_tables.write_manifest(gone, path)
    with pytest.raises(DataError, match=r"names file:.*/gone.*Look at engine\.storage"):
        stored_tables.read_table(path)


def test_what_is_neither_parquet_nor_a_manifest_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    path.write_text(json.dumps({"rows": 3}), encoding="utf-8")
    with pytest.raises(DataError, match="to be parquet or a manifest; found neither"):
        stored_tables.read_table(path)


def test_the_digest_hangs_on_rows_and_columns_alone() -> None:
    told = stored_tables.digest_of(3, {"id": "string"}, [10, 20])
    assert told == stored_tables.digest_of(3, {"id": "string"}, [10, 20])
    others = [
        stored_tables.digest_of(4, {"id": "string"}, [10, 20]),
        stored_tables.digest_of(3, {"id": "bigint"}, [10, 20]),
        stored_tables.digest_of(3, {"id": "string"}, [20, 10]),
    ]
    assert len({told, *others}) == 4


def test_a_frame_has_the_types_of_a_file(stored: Path, tmp_path: Path) -> None:
    file = tmp_path / "file.parquet"
    pq.write_table(TABLE, file)
    pd.testing.assert_frame_equal(stored_tables.read_frame(stored), pd.read_parquet(file))

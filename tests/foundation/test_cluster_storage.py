"""Tables under engine.storage stand under their digest, whole or not at all."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.foundation.cluster_storage import ClusterStorage

TABLE = pa.table({"id": ["a", "b"]})


def _write(storage: ClusterStorage) -> str:
    """Write a table as Spark leaves it."""
    address = f"{storage.scratch}/table"
    storage.remember(TABLE, address)
    folder = Path(address.removeprefix("file://"))
    (folder / "part-00000.parquet").rename(folder / "part-00000-1b2c-c000.zstd.parquet")
    (folder / "_SUCCESS").touch()
    return address


def _names(address: str) -> list[str]:
    return sorted(one.name for one in Path(address.removeprefix("file://")).iterdir())


def test_a_published_table_has_named_parts_and_is_written_once(tmp_path: Path) -> None:
    storage = ClusterStorage(f"file://{tmp_path}/my storage/")
    place = storage.publish(_write(storage), "customers-12")
    assert place == f"file://{tmp_path}/my storage/tables/customers-12"
    assert _names(place) == ["_WHOLE", "part-00000.parquet"]
    written = Path(place.removeprefix("file://"), "part-00000.parquet").stat().st_mtime_ns
    assert storage.publish(_write(storage), "customers-12") == place
    assert Path(place.removeprefix("file://"), "part-00000.parquet").stat().st_mtime_ns == written


def test_what_a_stopped_write_left_is_written_anew(tmp_path: Path) -> None:
    storage = ClusterStorage(f"file://{tmp_path}")
    stale = tmp_path / "tables" / "customers-12" / "part-00007.parquet"
    stale.parent.mkdir(parents=True)
    stale.touch()
    assert _names(storage.publish(_write(storage), "customers-12")) == [
        "_WHOLE",
        "part-00000.parquet",
    ]


def test_a_table_of_this_machine_is_copied_once_for_each_content(tmp_path: Path) -> None:
    storage, path = ClusterStorage(f"file://{tmp_path}/storage"), tmp_path / "segments.parquet"
    pq.write_table(TABLE, path)
    first = storage.upload(path)
    assert storage.upload(path) == first
    pq.write_table(TABLE.slice(1), path)
    assert storage.upload(path) != first
    assert pq.read_table(first.removeprefix("file://")).equals(TABLE)


def test_what_was_kept_on_the_way_is_removed_and_tables_stay(tmp_path: Path) -> None:
    storage = ClusterStorage(f"file://{tmp_path}")
    place = storage.publish(_write(storage), "customers-12")
    _write(storage)
    storage.forget()
    assert list((tmp_path / "steps").iterdir()) == []
    assert len(_names(place)) == 2

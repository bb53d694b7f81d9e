"""What every engine does; tests/features/test_two_engines.py asks the same of Spark."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipeline.foundation.batch_functions import WholeGroups
from pipeline.foundation.engines import Engine
from pipeline.foundation.engines.duckdb import BATCH_ROWS

NUMBERS = pa.schema([("number", pa.int64())])


def test_what_a_function_makes_of_rows_is_an_expression(engine: Engine) -> None:
    rows = engine.table(pa.table({"number": [3, 1, 2], "name": ["c", "a", "b"]}))
    doubled = engine.map_batches(double, rows, NUMBERS)
    best = doubled.filter(doubled.number > 2).order_by("number")
    assert engine.arrow(best)["number"].to_pylist() == [4, 6]


def test_a_function_is_called_once_and_sees_some_rows_at_a_time(engine: Engine) -> None:
    sizes: list[list[int]] = []

    def count(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        sizes.append([])
        for batch in batches:
            sizes[-1].append(batch.num_rows)
            yield batch

    rows = engine.table(pa.table({"number": list(range(2 * BATCH_ROWS + 7))}))
    counted = engine.map_batches(count, rows, NUMBERS)
    assert len(sizes) == 1
    assert max(sizes[0]) <= BATCH_ROWS
    assert sum(sizes[0]) == engine.arrow(counted.count().as_table())[0][0].as_py() == 40_007


def test_a_function_sees_whole_groups_in_order(engine: Engine) -> None:
    seen: list[list[str]] = []

    def look(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            seen.append(batch["name"].to_pylist())
            yield batch.select(["number"])

    names = [f"c{place % 30_000:05d}" for place in range(3 * 30_000)]
    rows = engine.table(pa.table({"name": names, "number": list(range(90_000))}))
    mapped = engine.map_groups(look, rows, NUMBERS, ["name", "number"])
    assert [name for some in seen for name in some] == sorted(names)
    assert len(seen) == 2  # the first of some fifty thousand rows
    assert not set(seen[0]) & set(seen[1])
    assert engine.arrow(mapped)["number"].to_pylist()[:4] == [0, 30_000, 60_000, 1]


def test_a_batch_ends_where_a_group_does() -> None:
    def hand_over(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield from batches

    come = [pa.record_batch({"name": list(names)}) for names in ("aab", "bbc", "d")]
    handed = WholeGroups(hand_over, "name", rows=2)(iter(come))
    assert ["".join(batch["name"].to_pylist()) for batch in handed] == ["aa", "bbb", "c", "d"]


def test_a_function_that_returns_other_columns_than_it_says_is_refused(engine: Engine) -> None:
    rows = engine.table(pa.table({"name": ["a"]}))
    with pytest.raises(ValueError, match="schema"):
        engine.map_batches(lambda batches: batches, rows, NUMBERS)


def test_no_rows_are_no_rows(engine: Engine) -> None:
    none = engine.map_batches(double, engine.table(NUMBERS.empty_table()), NUMBERS)
    assert engine.arrow(none).schema == NUMBERS
    assert engine.arrow(none).num_rows == 0


def test_parts_are_stored_one_after_another_as_if_they_were_one(
    engine: Engine, tmp_path: Path
) -> None:
    rows = engine.table(pa.table({"number": [3, 4, 1, 2]}))
    parts = [rows.filter(rows.number < 3), rows.filter(rows.number >= 3)]
    assert engine.write_parts(parts, tmp_path / "parts.parquet", ["number"]) == 4
    engine.write(rows, tmp_path / "whole.parquet", ["number"])
    stored, whole = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("parts", "whole"))
    assert stored.to_pydict() == whole.to_pydict()
    assert stored["number"].to_pylist() == [1, 2, 3, 4]


def test_a_reader_is_a_table_whose_batches_are_read_one_by_one(engine: Engine) -> None:
    batches = (pa.record_batch({"number": [number]}) for number in range(3))
    reader = pa.RecordBatchReader.from_batches(NUMBERS, batches)
    assert engine.arrow(engine.table(reader))["number"].to_pylist() == [0, 1, 2]


def double(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield pa.record_batch({"number": pc.multiply(batch["number"], 2)})


def test_a_sum_of_whole_numbers_is_stored_as_whole_numbers(engine: Engine, tmp_path: Path) -> None:
    rows = engine.table(pa.table({"key": ["b", "a", "a"], "number": [3, 4, 1]}))
    summed = rows.group_by("key").aggregate(total=rows.number.sum())
    engine.write(summed, tmp_path / "sums.parquet", ["key"])
    stored = pq.read_table(tmp_path / "sums.parquet")
    assert stored.to_pydict() == {"key": ["a", "b"], "total": [5, 3]}
    assert stored.schema.field("total").type == pa.int64()


def test_equal_keys_of_a_step_lie_together_where_they_are_asked_for(engine: Engine) -> None:
    keys = [7 * place % 500 for place in range(5_000)]
    rows = engine.table(pa.table({"key": keys, "number": list(range(5_000))}))
    step = engine.arrow(engine.materialize(rows, near=["key"]))
    assert step["key"].to_pylist() == sorted(keys)
    assert sum(step["number"].to_pylist()) == 4_999 * 2_500

"""Two runs are compared cell by cell: floats nearly, anything else exactly, in any order of rows."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.spark.comparison import as_lines, compare_folders, compare_tables

EXPECTED = pa.table({"id": ["a", "b", "c"], "rate": [0.1, None, 0.3], "cents": [1, 2, 3]})


def test_rows_in_another_order_and_last_bits_are_the_same() -> None:
    found = pa.table({"id": ["c", "a", "b"], "rate": [0.3, 0.1 + 1e-13, None], "cents": [3, 1, 2]})
    told = compare_tables("scores", EXPECTED, found)
    assert (told.rows, told.cells, told.differing) == (3, 9, 0)
    assert 1e-13 < told.largest < 1e-11


def test_another_integer_float_or_empty_value_differs() -> None:
    found = pa.table({"id": ["a", "b", "c"], "rate": [None, None, 0.31], "cents": [1, 7, 3]})
    told = compare_tables("scores", EXPECTED, found)
    assert told.differing == 3
    assert told.first == "rate: 0.3 and 0.31"
    assert "| scores | 3 | 9 | 3 (rate: 0.3 and 0.31) |" in as_lines([told])[-1]


def test_other_rows_or_columns_differ_as_a_whole() -> None:
    assert compare_tables("scores", EXPECTED, EXPECTED.slice(1)).first == "3 rows and 2"
    assert compare_tables("scores", EXPECTED, EXPECTED.drop(["rate"])).differing == 9


def test_a_folder_of_parts_is_the_file_of_the_other_run(tmp_path: Path) -> None:
    for run in ("duckdb", "spark"):
        (tmp_path / run / "data").mkdir(parents=True)
    pq.write_table(EXPECTED, tmp_path / "duckdb" / "data" / "scores.parquet")
    folder = tmp_path / "spark" / "data" / "scores.parquet"
    folder.mkdir()
    pq.write_table(EXPECTED.slice(0, 1), folder / "part-00000.parquet")
    pq.write_table(EXPECTED.slice(1), folder / "part-00001.parquet")
    (tmp_path / "spark" / "data" / "offers.csv").write_text("id\na\n", encoding="utf-8")
    told = compare_folders(tmp_path / "duckdb", tmp_path / "spark", ("data",))
    assert [(one.name, one.differing) for one in told] == [
        ("data/offers.csv", 1),
        ("data/scores.parquet", 0),
    ]
    assert told[0].first == "only one run has it"

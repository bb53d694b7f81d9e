"""The one writer: values become bytes exactly as the dialect says."""

import hashlib
from datetime import date

import pyarrow as pa
import pytest

from pipeline.exports.profile import CellFormat, Dialect, File, FileColumn, TargetLimits
from pipeline.exports.writer import write
from pipeline.foundation.errors import DataError
from tests.exports.shelf import Shelf


def text_of(
    values: list[object], format_: CellFormat, dialect: Dialect | None = None, decimals: int = 0
) -> str:
    """Write one column and return the file."""
    column = FileColumn("v", "value", format_, "A value.", decimals=decimals)
    file = File("f.csv", "customers", "one row", (column,))
    chosen = dialect or Dialect()
    shelf = Shelf()
    write(pa.table({"v": pa.array(values)}), file, chosen, shelf.open)
    return shelf.read("f.csv").decode(chosen.encoding)


def test_a_decimal_has_all_its_digits_and_never_an_exponent() -> None:
    assert text_of([0.1, 1e-9, 1.0], "decimal", decimals=6) == (
        "value\n0.100000\n0.000000\n1.000000\n"
    )


def test_a_date_is_written_as_the_dialect_says() -> None:
    days: list[object] = [date(2026, 3, 1), None]
    assert text_of(days, "date") == "value\n2026-03-01\n\n"
    assert text_of(days, "date", Dialect(date_format="%Y/%m/%d")) == "value\n2026/03/01\n\n"


def test_only_cells_that_need_quotes_get_them() -> None:
    values: list[object] = ["plain", "a,b", 'say "hi"', "two\nlines", None]
    assert text_of(values, "text") == 'value\nplain\n"a,b"\n"say ""hi"""\n"two\nlines"\n\n'


def test_the_dialects_own_delimiter_decides_what_needs_quotes() -> None:
    assert text_of(["a,b", "a;b"], "text", Dialect(delimiter=";")) == 'value\na,b\n"a;b"\n'


def test_every_cell_is_quoted_where_the_dialect_asks_for_it() -> None:
    assert text_of([1, None], "integer", Dialect(quoting="all")) == '"value"\n"1"\n\n'


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_text_that_a_spreadsheet_would_run_is_neutralised(formula: str) -> None:
    assert text_of([formula], "text") == f"value\n'{formula}\n"


def test_flags_null_line_end_and_byte_order_mark_follow_the_dialect() -> None:
    dialect = Dialect(
        encoding="utf-8-sig",
        line_end="\r\n",
        empty_cell="#N/A",
        yes="True",
        no="False",
    )
    assert text_of([True, None, False], "flag", dialect) == "value\r\nTrue\r\n#N/A\r\nFalse\r\n"


def test_a_file_in_several_parts_has_one_byte_order_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.exports.writer._ROWS_AT_ONCE", 2)
    written = text_of([1, 2, 3, 4, 5], "integer", Dialect(encoding="utf-8-sig"))
    assert written == "value\n1\n2\n3\n4\n5\n"


def test_without_rows_there_is_a_header() -> None:
    assert text_of([], "integer") == "value\n"


def test_money_is_cents_with_two_digits_after_the_point() -> None:
    assert text_of([1, -5, 123456789012345, None], "money") == (
        "value\n0.01\n-0.05\n1234567890123.45\n\n"
    )
    assert text_of([12.4, 99.6], "money") == "value\n0.12\n1.00\n"


FILE = File("f.csv", "customers", "one row", (FileColumn("v", "v", "text", "A value."),))


def parts_of(
    values: list[str], limits: TargetLimits, dialect: Dialect | None = None
) -> list[bytes]:
    shelf = Shelf()
    written = write(pa.table({"v": values}), FILE, dialect or Dialect(), shelf.open, limits)
    assert list(written) == [f"f_{number:03d}.csv" for number in range(1, len(written) + 1)]
    for name, entry in written.items():
        content = shelf.read(name)
        assert entry.bytes == len(content)
        assert entry.sha256 == hashlib.sha256(content).hexdigest()
    assert sum(entry.rows for entry in written.values()) == len(values)
    return [shelf.read(name) for name in written]


def test_what_is_said_of_a_file_is_true_of_its_bytes() -> None:
    shelf = Shelf()
    written = write(pa.table({"v": ["é", "b"]}), FILE, Dialect(), shelf.open)["f.csv"]
    assert written.rows == 2
    assert written.bytes == len(shelf.read("f.csv")) == 7
    assert written.sha256 == hashlib.sha256(shelf.read("f.csv")).hexdigest()


def test_a_slice_of_a_table_is_written_as_itself() -> None:
    shelf = Shelf()
    write(pa.table({"v": ["a", "b", "c"]}).slice(1), FILE, Dialect(), shelf.open)
    assert shelf.read("f.csv") == b"v\nb\nc\n"


def test_a_file_is_split_by_the_bytes_of_its_encoded_rows_each_part_with_a_header() -> None:
    # header 2 bytes, "é" 3, "ab" 3, "c" 2: the first two rows fill 8 bytes to the last one
    assert parts_of(["é", "ab", "c"], TargetLimits(file_bytes=8)) == [
        "v\né\nab\n".encode(),
        b"v\nc\n",
    ]
    assert parts_of(["é", "ab", "c"], TargetLimits(file_bytes=7)) == [
        "v\né\n".encode(),
        b"v\nab\nc\n",
    ]


def test_a_line_break_inside_a_cell_does_not_split_its_row() -> None:
    assert parts_of(["a\nb", "c"], TargetLimits(file_bytes=8)) == [b'v\n"a\nb"\n', b"v\nc\n"]


def test_a_file_is_split_by_its_rows() -> None:
    assert parts_of(["a", "b", "c"], TargetLimits(file_rows=2)) == [b"v\na\nb\n", b"v\nc\n"]


def test_every_part_begins_with_the_byte_order_mark() -> None:
    parts = parts_of(["a", "b"], TargetLimits(file_rows=1), Dialect(encoding="utf-8-sig"))
    assert all(part.startswith(b"\xef\xbb\xbfv\n") for part in parts)
    assert len(parts) == 2


def test_parts_do_not_depend_on_how_many_rows_are_written_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = [str(number) * (number % 7) for number in range(50)]
    whole = parts_of(values, TargetLimits(file_bytes=40))
    monkeypatch.setattr("pipeline.exports.writer._ROWS_AT_ONCE", 3)
    assert parts_of(values, TargetLimits(file_bytes=40)) == whole
    assert len(whole) > 5


def test_without_rows_there_is_one_part() -> None:
    shelf = Shelf()
    rows = pa.table({"v": pa.array([], pa.string())})
    assert list(write(rows, FILE, Dialect(), shelf.open, TargetLimits(file_rows=1))) == [
        "f_001.csv"
    ]


def test_a_row_larger_than_a_file_may_be_is_refused() -> None:
    with pytest.raises(DataError, match="found 2 and 10 bytes"):
        parts_of(["a", "123456789"], TargetLimits(file_bytes=9))

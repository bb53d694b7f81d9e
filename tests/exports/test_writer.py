"""The one writer: values become bytes exactly as the dialect says."""

import hashlib
from datetime import date
from io import BytesIO

import pyarrow as pa
import pytest

from pipeline.exports.profile import CellFormat, Column, Dialect, File
from pipeline.exports.writer import write


def text_of(
    values: list[object], format_: CellFormat, dialect: Dialect | None = None, decimals: int = 0
) -> str:
    """Write one column and return the file."""
    column = Column("v", "value", format_, "A value.", decimals=decimals)
    sink = BytesIO()
    file = File("f.csv", "customers", "one row", (column,))
    chosen = dialect or Dialect()
    write(pa.table({"v": pa.array(values)}), file, chosen, sink)
    return sink.getvalue().decode(chosen.encoding)


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
        encoding="utf-16",
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


def test_what_is_said_of_a_file_is_true_of_its_bytes() -> None:
    sink = BytesIO()
    file = File("f.csv", "customers", "one row", (Column("v", "value", "text", "A value."),))
    written = write(pa.table({"v": ["é", "b"]}), file, Dialect(), sink)
    assert written.rows == 2
    assert written.bytes == len(sink.getvalue()) == 11
    assert written.sha256 == hashlib.sha256(sink.getvalue()).hexdigest()


def test_a_slice_of_a_table_is_written_as_itself() -> None:
    sink = BytesIO()
    file = File("f.csv", "customers", "one row", (Column("v", "value", "text", "A value."),))
    write(pa.table({"v": ["a", "b", "c"]}).slice(1), file, Dialect(), sink)
    assert sink.getvalue() == b"value\nb\nc\n"

"""Rows that must not be handed over are named with their reason."""

import pyarrow as pa
import pytest

from pipeline.exports.profile import Dialect, File, FileColumn
from pipeline.exports.rejects import sift

FILE = File(
    "f.csv",
    "customers",
    "one row per customer",
    (
        FileColumn("customer_id", "Id", "text", "The customer.", required=True, is_id=True),
        FileColumn("note", "Note", "text", "A note."),
    ),
)


def rows(*pairs: tuple[str | None, str | None]) -> pa.Table:
    columns = zip(*pairs, strict=True)
    names = ["customer_id", "note"]
    return pa.table([pa.array(column, pa.string()) for column in columns], names=names)


@pytest.mark.parametrize("good", ["c1", "A-b_c.d", "me@shop.example", "-7"])
def test_an_id_of_letters_digits_and_a_few_signs_is_handed_over(good: str) -> None:
    sifted = sift(rows((good, None)), FILE, Dialect())
    assert sifted.accepted["customer_id"].to_pylist() == [good]
    assert len(sifted.rejects) == 0


@pytest.mark.parametrize("bad", ["=c1", "c 1", "c;1", "", "c1\n", "ü"])
def test_an_id_with_other_characters_is_rejected_with_its_reason(bad: str) -> None:
    sifted = sift(rows((bad, None), ("c2", None)), FILE, Dialect())
    assert sifted.accepted["customer_id"].to_pylist() == ["c2"]
    assert sifted.rejects.to_pylist() == [
        {
            "file": "f.csv",
            "id": bad,
            "column": "Id",
            "reason": "holds other characters than letters, digits and _ . @ -",
            "consequence": "row left out",
        }
    ]


def test_a_row_without_a_required_value_is_rejected() -> None:
    sifted = sift(rows((None, "x")), FILE, Dialect())
    assert len(sifted.accepted) == 0
    assert sifted.rejects["reason"].to_pylist() == ["is empty"]


def test_a_formula_is_rejected_only_where_a_machine_reads_the_file() -> None:
    given = rows(("c1", "=1+1"))
    assert len(sift(given, FILE, Dialect(formulas="prefix")).accepted) == 1
    rejects = sift(given, FILE, Dialect(formulas="reject")).rejects
    assert rejects["reason"].to_pylist() == ["begins like a spreadsheet formula"]


def test_a_cell_that_needs_quotes_is_rejected_where_there_are_none() -> None:
    given = rows(("c1", "a\tb"), ("c2", "a,b"))
    sifted = sift(given, FILE, Dialect(delimiter="\t", quoting="none"))
    assert sifted.rejects["id"].to_pylist() == ["c1"]
    assert sifted.accepted["customer_id"].to_pylist() == ["c2"]


def test_accepted_and_rejected_rows_are_together_all_rows() -> None:
    given = rows(("c1", "=x"), ("c 2", "=y"), ("c3", "z"))
    sifted = sift(given, FILE, Dialect(formulas="reject"))
    assert len(sifted.accepted) + len(set(sifted.rejects["id"].to_pylist())) == 3

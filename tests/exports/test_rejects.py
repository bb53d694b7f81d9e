"""Rows that must not be handed over are named with their reason."""

from typing import Literal

import pyarrow as pa
import pytest

from pipeline.exports.cells import to_cells
from pipeline.exports.profile import Dialect, File, FileColumn
from pipeline.exports.rejects import ROW, sift, without_repeats

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


GOOD_IDS = [
    "c1",
    "-7",
    "ana+shop@x.example",
    "o'neill@x.example",
    "TEA/100g",
    "TEA 250",
    "ü",
    "c;1",
]
BROKEN = "is empty, or holds a control character or a space at an end"


@pytest.mark.parametrize("good", GOOD_IDS)
@pytest.mark.parametrize("formulas", ["prefix", "reject"])
def test_an_id_that_shops_use_is_handed_over_unaltered(
    good: str, formulas: Literal["prefix", "reject"]
) -> None:
    dialect = Dialect(formulas=formulas)
    sifted = sift(rows((good, None)), FILE, dialect)
    assert sifted.accepted["customer_id"].to_pylist() == [good]
    assert len(sifted.rejects) == 0
    assert to_cells(sifted.accepted["customer_id"], FILE.columns[0], dialect).to_pylist() == [good]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("=c1", "begins like a spreadsheet formula"),
        ("+cmd|' /C calc'!A0", "begins like a spreadsheet formula"),
        ("", BROKEN),
        ("c1 ", BROKEN),
        ("c1\n", BROKEN),
    ],
)
def test_an_id_that_would_break_a_target_is_rejected_with_its_reason(bad: str, reason: str) -> None:
    sifted = sift(rows((bad, None), ("c2", None)), FILE, Dialect())
    assert sifted.accepted["customer_id"].to_pylist() == ["c2"]
    assert sifted.rejects.to_pylist() == [
        {
            "file": "f.csv",
            "id": bad,
            "column": "Id",
            "reason": reason,
            "consequence": "row left out",
        }
    ]


def test_an_id_is_refused_only_at_the_target_that_it_would_break() -> None:
    given = rows(('a"b', None))
    assert len(sift(given, FILE, Dialect()).accepted) == 1
    assert len(sift(given, FILE, Dialect(delimiter="\t", quoting="none")).accepted) == 0
    (cell,) = to_cells(given["customer_id"], FILE.columns[0], Dialect()).to_pylist()
    assert cell == '"a""b"'


@pytest.mark.parametrize("name", ["+5 GB extra", "-20 °C jacket", "@home Router", "-1+1"])
def test_a_name_that_begins_with_a_sign_is_passed_on_as_it_is(name: str) -> None:
    sifted = sift(rows(("c1", name)), FILE, Dialect(formulas="reject"))
    assert sifted.accepted["note"].to_pylist() == [name]
    assert len(sifted.rejects) == 0


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "-Sheet2!A1"])
def test_a_name_that_a_spreadsheet_could_run_is_emptied_and_its_row_stays(name: str) -> None:
    sifted = sift(rows(("c1", name)), FILE, Dialect(formulas="reject"))
    assert sifted.accepted.to_pylist() == [{"customer_id": "c1", "note": None}]
    (fault,) = sifted.rejects.to_pylist()
    assert fault["reason"] == "begins like a spreadsheet formula"
    assert fault["consequence"] == "cell left empty"


CONTACTS = File(
    "f.csv",
    "offers",
    "one row per customer",
    (
        FileColumn("email", "Email", "text", "E-mail."),
        FileColumn("phone", "Phone", "phone", "Phone."),
        FileColumn("customer_id", "Id", "text", "The customer.", is_id=True),
    ),
    one_of=("email", "phone"),
    unique=("email", "phone"),
    prefer="priority",
)


def contacts(*given: tuple[str, str | None, str | None, float]) -> pa.Table:
    texts = {name: pa.string() for name in ("customer_id", "email", "phone")}
    schema = pa.schema({**texts, "priority": pa.float64()})
    return pa.table(list(map(list, zip(*given, strict=True))), schema=schema)


def test_of_two_with_one_phone_the_better_offer_keeps_it_and_the_other_its_row() -> None:
    given = contacts(("a", "a@x.example", "+34600", 1.0), ("b", "b@x.example", "+34600", 2.0))
    sifted = without_repeats(given, CONTACTS)
    assert sifted.accepted["email"].to_pylist() == ["a@x.example", "b@x.example"]
    assert sifted.accepted["phone"].to_pylist() == [None, "+34600"]
    (fault,) = sifted.rejects.to_pylist()
    assert (fault["id"], fault["column"], fault["consequence"]) == ("a", "Phone", "cell left empty")


def test_of_two_with_one_phone_and_nothing_else_one_row_is_left_out() -> None:
    given = contacts(("a", None, "+34600", 1.0), ("b", None, "+34600", 2.0))
    sifted = without_repeats(given, CONTACTS)
    assert sifted.accepted["customer_id"].to_pylist() == ["b"]
    assert sifted.rejects["consequence"].to_pylist() == ["row left out"]


def test_who_shares_both_addresses_with_another_is_left_out() -> None:
    given = contacts(("a", "x@x.example", "+34600", 1.0), ("b", "x@x.example", "+34600", 2.0))
    sifted = without_repeats(given, CONTACTS)
    assert sifted.accepted["customer_id"].to_pylist() == ["b"]
    assert sifted.rejects["consequence"].to_pylist() == ["cell left empty", "row left out"]


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
    assert sifted.accepted["note"].to_pylist() == [None, "a,b"]


def test_accepted_and_rejected_rows_are_together_all_rows() -> None:
    given = rows(("c1", "=x"), ("=2", "=y"), ("c3", "z"))
    sifted = sift(given, FILE, Dialect(formulas="reject"))
    left_out = [row["id"] for row in sifted.rejects.to_pylist() if row["consequence"] == ROW]
    assert left_out == ["=2"]
    assert sifted.accepted["customer_id"].to_pylist() == ["c1", "c3"]

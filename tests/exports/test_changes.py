"""A target that bills every value is handed what it does not hold yet, and nothing else."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from pipeline.exports.changes import ChangeFilter, Changes
from pipeline.exports.package import Package, write_package
from pipeline.exports.profile import Dialect, File, FileColumn, Profile
from tests.exports.shelf import Shelf

USERS = File(
    "users.csv",
    "offers",
    "one row per customer",
    (
        FileColumn("customer_id", "external_id", "text", "The customer.", is_id=True),
        FileColumn("product", "product", "text", "The product."),
        FileColumn("hour", "hour", "integer", "The hour."),
        FileColumn("until", "until", "date", "The last day."),
    ),
)
PROFILE = Profile("bills", (USERS,), Dialect(formulas="reject"), only_changes=True)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
SCHEMA = pa.schema(
    [
        ("customer_id", pa.string()),
        ("product", pa.string()),
        ("hour", pa.int64()),
        ("until", pa.date32()),
    ]
)


def users(*rows: tuple[Any, ...]) -> pa.Table:
    names = SCHEMA.names
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], SCHEMA)


def told(table: pa.Table) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in table.to_pylist()]


@dataclass(frozen=True)
class Handed(Changes):
    rows: pa.Table


def hand_over(rows: pa.Table, held: pa.Table | None) -> Handed:
    changes = ChangeFilter(USERS, held)
    kept = changes.keep(rows)
    return Handed(**vars(changes.finish()), rows=kept)


def test_rows_that_come_in_parts_leave_what_they_leave_together() -> None:
    held = users(("c1", "tea", 9, MARCH), ("c3", "tv", 9, MARCH), ("gone", "tea", 9, MARCH))
    rows = users(("c1", "tea", 18, APRIL), ("c2", "tea", 9, MARCH), ("c3", "tv", 9, MARCH))
    together = hand_over(rows, held)
    changes = ChangeFilter(USERS, held)
    kept = pa.concat_tables([changes.keep(rows.slice(0, 1)), changes.keep(rows.slice(1))])
    apart = changes.finish()
    assert told(kept) == told(together.rows)
    assert told(apart.held) == told(together.held)
    assert (
        (apart.left_out, apart.counts) == (together.left_out, together.counts) == (1, apart.counts)
    )
    assert apart.counts["customers_who_keep_an_earlier_offer"] == 1


def test_to_begin_with_everything_is_handed_over_and_held() -> None:
    rows = users(("c2", "tea", 9, MARCH), ("c1", None, None, MARCH))
    changes = hand_over(rows, None)
    assert told(changes.rows) == told(rows)
    assert told(changes.held) == [("c1", None, None, MARCH), ("c2", "tea", 9, MARCH)]
    assert changes.left_out == 0
    assert set(changes.counts.values()) == {0}


def test_a_value_that_is_held_is_left_empty_and_a_row_of_them_left_out() -> None:
    held = users(("c1", "tea", 9, MARCH), ("c2", "tea", 9, MARCH))
    changes = hand_over(users(("c1", "tea", 18, APRIL), ("c2", "tea", 9, MARCH)), held)
    assert told(changes.rows) == [("c1", None, 18, APRIL)]
    assert changes.left_out == 1
    assert changes.counts["unchanged_values"] == 4
    assert told(changes.held) == [("c1", "tea", 18, APRIL), ("c2", "tea", 9, MARCH)]


def test_a_value_that_becomes_empty_stays_with_the_target_and_is_counted() -> None:
    changes = hand_over(users(("c1", None, 9, APRIL)), users(("c1", "tea", 9, MARCH)))
    assert told(changes.rows) == [("c1", None, None, APRIL)]
    assert changes.counts["values_it_cannot_empty"] == 1
    assert told(changes.held) == [("c1", "tea", 9, APRIL)]


def test_whoever_is_not_handed_over_keeps_what_they_had_and_is_counted() -> None:
    held = users(("gone", "tea", 9, MARCH))
    second = hand_over(users(("c1", "tv", 9, APRIL)), held)
    assert second.counts["customers_who_keep_an_earlier_offer"] == 1
    assert told(second.held) == [("c1", "tv", 9, APRIL), ("gone", "tea", 9, MARCH)]
    back = hand_over(users(("gone", "tea", 9, APRIL)), second.held)
    assert told(back.rows) == [("gone", None, None, APRIL)]


def test_a_column_that_is_new_to_the_file_is_handed_over() -> None:
    held = users(("c1", "tea", 9, MARCH)).drop_columns(["hour"])
    changes = hand_over(users(("c1", "tea", 9, MARCH)), held)
    assert told(changes.rows) == [("c1", None, 9, None)]


def package(shelf: Shelf, rows: pa.Table, held: pa.Table | None) -> Package:
    before = {} if held is None else {"users.csv": held}
    return write_package(PROFILE, {"offers": rows}, shelf.open, {}, held=before)


def test_the_manifest_accounts_for_rows_and_values_that_are_not_handed_over() -> None:
    shelf = Shelf()
    first = package(shelf, users(("c1", "tea", 9, MARCH), ("c2", "tv", 9, MARCH)), None)
    rows = users(("c1", "tea", 9, MARCH), ("c3", "tea", 9, MARCH))
    second = package(shelf, rows, first.held["users.csv"])
    assert shelf.read("users.csv") == b"external_id,product,hour,until\nc3,tea,9,2026-03-01\n"
    manifest = json.loads(shelf.read("manifest.json"))
    assert manifest["accounts"]["users.csv"] == {
        "rows_in": 2,
        "left_out": {"unchanged since the last sealed hand-over": 1},
        "rejected": 0,
        "rows_out": 1,
    }
    assert manifest["changes"]["users.csv"] == {
        "unchanged_values": 3,
        "values_it_cannot_empty": 0,
        "customers_who_keep_an_earlier_offer": 1,
    }
    assert second.held["users.csv"]["customer_id"].to_pylist() == ["c1", "c2", "c3"]

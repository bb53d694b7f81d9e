"""What two runs wrote, table after table: texts, dates, integers and decimals exactly, floats nearly."""

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation import stored_tables

TOLERANCE = 1e-9
"""Relative, of floats: sums of them hang on the order in which they are added."""


@dataclass(frozen=True)
class Comparison:
    """One table of both runs."""

    name: str
    rows: int
    """Of the expected table."""
    cells: int
    differing: int
    """Cells, or all of them where rows or columns differ."""
    largest: float
    """The largest relative difference of two floats."""
    first: str
    """Where they differ first, in words; nothing where they do not."""


def compare_folders(expected: Path, found: Path, folders: tuple[str, ...]) -> list[Comparison]:
    """Compare every table below some folders of two runs; what only one has differs."""
    names = sorted({*_names(expected, folders), *_names(found, folders)})
    return [_compare(name, expected / name, found / name) for name in names]


def _names(root: Path, folders: tuple[str, ...]) -> Iterator[str]:
    for folder in folders:
        for path in (root / folder).rglob("*"):
            name = path.relative_to(root)
            is_part = any(one.suffix == ".parquet" for one in name.parents)
            if path.suffix in (".parquet", ".csv") and not is_part:
                yield name.as_posix()


def _compare(name: str, expected: Path, found: Path) -> Comparison:
    if not (expected.exists() and found.exists()):
        return Comparison(name, 0, 0, 1, 0.0, "only one run has it")
    reader = _read_csv if expected.suffix == ".csv" else stored_tables.read_table
    return compare_tables(name, reader(expected), reader(found))


def _read_csv(path: Path) -> pa.Table:
    """Read a delivery as texts, and as floats the columns that are floats throughout."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    width = max((len(row) for row in rows), default=0)
    filled = [row + [""] * (width - len(row)) for row in rows]
    return pa.table({str(place): [row[place] for row in filled] for place in range(width)})


def compare_tables(name: str, expected: pa.Table, found: pa.Table) -> Comparison:
    """Compare two tables in the order of everything that is no float, then of the floats."""
    cells = expected.num_rows * expected.num_columns
    told = [(one.name, one.type) for one in expected.schema]
    if told != [(one.name, one.type) for one in found.schema]:
        other = f"columns {found.schema.names} of {[str(one) for one in found.schema.types]}"
        return Comparison(name, expected.num_rows, cells, max(cells, 1), 0.0, other)
    if expected.num_rows != found.num_rows:
        other = f"{expected.num_rows:,} rows and {found.num_rows:,}"
        return Comparison(name, expected.num_rows, cells, max(cells, 1), 0.0, other)
    one, other_table = _sorted(expected), _sorted(found)
    differing, largest, first = 0, 0.0, ""
    for column in one.column_names:
        count, difference, where = _compare_columns(one[column], other_table[column])
        differing, largest = differing + count, max(largest, difference)
        first = first or (f"{column}: {where}" if count else "")
    return Comparison(name, expected.num_rows, cells, differing, largest, first)


def _sorted(table: pa.Table) -> pa.Table:
    plain = [one.name for one in table.schema if _is_sortable(one.type)]
    floats = [one.name for one in table.schema if pa.types.is_floating(one.type)]
    order = [(column, "ascending") for column in (*plain, *floats)]
    return table.sort_by(order) if order and table.num_rows else table


def _is_sortable(kind: pa.DataType) -> bool:
    return not (pa.types.is_floating(kind) or pa.types.is_nested(kind) or pa.types.is_null(kind))


def _compare_columns(one: pa.ChunkedArray, other: pa.ChunkedArray) -> tuple[int, float, str]:
    if not pa.types.is_floating(one.type):
        if one.equals(other):
            return 0, 0.0, ""
        pairs = list(zip(one.to_pylist(), other.to_pylist(), strict=True))
        unequal = [pair for pair in pairs if pair[0] != pair[1] and not _are_near(*pair)]
        return len(unequal), 0.0, f"{unequal[0][0]!r} and {unequal[0][1]!r}" if unequal else ""
    missing = pc.sum(pc.not_equal(one.is_null(), other.is_null())).as_py() or 0
    left, right = (values.to_numpy() for values in (one, other))
    both = ~(np.isnan(left) | np.isnan(right))
    scale = np.maximum(np.abs(left[both]), np.abs(right[both]))
    apart = np.abs(left[both] - right[both]) / np.where(scale > 0, scale, 1.0)
    beyond = apart > TOLERANCE
    ends = [values[both][beyond].tolist() for values in (left, right)]
    where = f"{ends[0][0]!r} and {ends[1][0]!r}" if beyond.any() else ""
    where = where or ("another is empty" if missing else "")
    return int(beyond.sum()) + missing, float(apart.max(initial=0.0)), where


def _are_near(one: object, other: object) -> bool:
    """Say whether two texts tell nearly the same number, as deliveries write them."""
    try:
        left, right = float(str(one)), float(str(other))
    except ValueError:
        return False
    return math.isclose(left, right, rel_tol=TOLERANCE)


def as_lines(comparisons: list[Comparison]) -> list[str]:
    """Return a line of Markdown for each table, the ones that differ in words."""
    head = [
        "| table | rows | cells | differ | largest relative difference |",
        "|---|---|---|---|---|",
    ]
    return head + [
        f"| {one.name} | {one.rows:,} | {one.cells:,} | {one.differing:,}"
        f"{f' ({one.first})' if one.first else ''} | {one.largest:.1e} |"
        for one in comparisons
    ]


def as_json(comparisons: list[Comparison]) -> str:
    """Return the same for a machine."""
    return json.dumps([one.__dict__ for one in comparisons], indent=1)

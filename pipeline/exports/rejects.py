"""Rows that must not be handed over, each with its reason; the others, all of them."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contracts.tables import ID_PATTERN
from pipeline.exports.cells import is_formula, needs_quotes
from pipeline.exports.profile import Column, Dialect, File

REJECTS = File(
    name="rejects.csv",
    rows="customers",
    grain="one row per fault of a row that was not handed over",
    columns=(
        Column("file", "file", "text", "The file the row is missing from."),
        Column("id", "id", "text", "The row's id.", empty="the row has none"),
        Column("column", "column", "text", "The column at fault."),
        Column("reason", "reason", "text", "What is wrong with it."),
    ),
)
REJECTS_SCHEMA = pa.schema([(column.source, pa.string()) for column in REJECTS.columns])


@dataclass(frozen=True)
class Sifted:
    """Rows to hand over and the faults of the others."""

    accepted: pa.Table
    rejects: pa.Table
    """`REJECTS_SCHEMA`; a row with two faults stands here twice."""


def sift(rows: pa.Table, file: File, dialect: Dialect) -> Sifted:
    """Set aside each row that lacks a required value, or holds an id or text that would do harm."""
    at_fault = pa.chunked_array([pa.repeat(pa.scalar(value=False), len(rows))])
    ids = next((column.source for column in file.columns if column.is_id), None)
    faults = [REJECTS_SCHEMA.empty_table()]
    for column in file.columns:
        for reason, mask in _faults(rows[column.source], column, dialect).items():
            if not pc.any(mask, min_count=0).as_py():
                continue
            at_fault = pc.or_(at_fault, mask)
            faults.append(_describe(rows.filter(mask), file, ids, column, reason))
    return Sifted(rows.filter(pc.invert(at_fault)), pa.concat_tables(faults).combine_chunks())


def _faults(
    values: pa.ChunkedArray, column: Column, dialect: Dialect
) -> dict[str, pa.ChunkedArray]:
    """Return a mask for each way in which a value can be at fault."""
    faults: dict[str, pa.ChunkedArray] = {}
    if column.required:
        faults["is empty"] = values.is_null()
    if column.format != "text":
        return faults
    text = values.cast(pa.string())
    if column.is_id:
        matches = pc.fill_null(pc.match_substring_regex(text, f"^{ID_PATTERN}$"), fill_value=True)
        faults["holds other characters than letters, digits and _ . @ -"] = pc.invert(matches)
    elif dialect.formulas == "reject":
        faults["begins like a spreadsheet formula"] = is_formula(text)
    if dialect.quoting == "none":
        faults["holds the delimiter, a quote or a line break"] = needs_quotes(text, dialect)
    return faults


def _describe(rows: pa.Table, file: File, ids: str | None, column: Column, reason: str) -> pa.Table:
    length = len(rows)
    return pa.table(
        {
            "file": pa.repeat(file.name, length),
            "id": pa.nulls(length, pa.string()) if ids is None else rows[ids].cast(pa.string()),
            "column": pa.repeat(column.header, length),
            "reason": pa.repeat(reason, length),
        },
        schema=REJECTS_SCHEMA,
    )

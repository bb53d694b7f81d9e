"""What must not be handed over, each with its reason; the rest, all of it.

A fault costs the cell: a contact detail that cannot be written, a name that a spreadsheet could
run. It costs the row where the row is known by that cell, by the target or by who sends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.cells import is_runnable, needs_quotes
from pipeline.exports.contacts import PHONE_COUNTRY, normalised
from pipeline.exports.profile import Dialect, File, FileColumn, TargetLimits

REJECTS = File(
    name="rejects.csv",
    rows="customers",
    grain="one row per fault of a row or cell that was not handed over",
    columns=(
        FileColumn("file", "file", "text", "The file the row is missing from."),
        FileColumn("id", "id", "text", "The row's id.", empty="the row has none"),
        FileColumn("column", "column", "text", "The column at fault."),
        FileColumn("reason", "reason", "text", "What is wrong with it."),
        FileColumn("consequence", "consequence", "text", "`row left out` or `cell left empty`."),
    ),
)
REJECTS_SCHEMA = pa.schema([(column.source, pa.string()) for column in REJECTS.columns])
ROW, CELL = "row left out", "cell left empty"

_UNWRITABLE = {
    "email": "is no e-mail address",
    "phone": "is no phone number with its country code",
}
_REPEATED = "stands in another row, which goes before this one"
_BREAKS_AN_ID = r"^$|^\s|\s$|[\x00-\x1f\x7f]"
_NO_LIMITS = TargetLimits()


@dataclass(frozen=True)
class Sifted:
    """Rows to hand over and the faults of the others."""

    accepted: pa.Table
    rejects: pa.Table
    """`REJECTS_SCHEMA`; a row with two faults stands here twice."""


def normalise_contacts(rows: pa.Table, file: File, country_code: str | None) -> Sifted:
    """Return the rows with contact details as the file wants them, and those it cannot have."""
    faults = [REJECTS_SCHEMA.empty_table()]
    countries = rows[PHONE_COUNTRY] if PHONE_COUNTRY in rows.column_names else None
    for column in (column for column in file.columns if column.normalise):
        given = rows[column.source]
        written = normalised(given, column, country_code, countries)
        lost = pc.and_(pc.is_valid(given), pc.is_null(written))
        reason = _UNWRITABLE["phone" if "phone" in str(column.normalise) else "email"]
        faults.append(_describe(rows.filter(lost), file, column.header, reason, CELL))
        rows = rows.set_column(rows.column_names.index(column.source), column.source, written)
    return Sifted(rows, pa.concat_tables(faults).combine_chunks())


def sift(rows: pa.Table, file: File, dialect: Dialect, limits: TargetLimits = _NO_LIMITS) -> Sifted:
    """Set aside what a target cannot take: the cell, or the row where it is known by that cell."""
    emptied, faults = _empty_cells(rows, file, dialect, limits)
    at_fault = pa.chunked_array([pa.repeat(pa.scalar(value=False), len(rows))])
    for column in file.columns:
        for reason, mask in _row_faults(emptied[column.source], column, dialect, limits):
            if pc.any(mask, min_count=0).as_py():
                at_fault = pc.or_(at_fault, mask)
                faults.append(_describe(emptied.filter(mask), file, column.header, reason))
    if file.one_of:
        none = _has_none(emptied, file.one_of)
        reason = f"has no {' or '.join(file.one_of)} that can be written"
        faults.append(_describe(emptied.filter(none), file, file.one_of[0], reason))
        at_fault = pc.or_(at_fault, none)
    return Sifted(_without(emptied, at_fault), pa.concat_tables(faults).combine_chunks())


def without_repeats(rows: pa.Table, file: File) -> Sifted:
    """Set aside what stands in the file already, of the columns whose values may stand once.

    Args:
        rows: all that `sift` accepted.
        file: its columns.
    """
    faults = [REJECTS_SCHEMA.empty_table()]
    for column in (column for column in file.columns if column.source in file.unique):
        rows, repeated = _keep_one(rows, file, column)
        faults += repeated
    return Sifted(rows, pa.concat_tables(faults).combine_chunks())


def _empty_cells(
    rows: pa.Table, file: File, dialect: Dialect, limits: TargetLimits
) -> tuple[pa.Table, list[pa.Table]]:
    """Empty each text that a target cannot take, and that its row can do without."""
    faults = [REJECTS_SCHEMA.empty_table()]
    spared = [one for one in file.columns if not (one.is_verbatim or one.required)]
    for column in (one for one in spared if one.format == "text"):
        text = rows[column.source].cast(pa.string())
        for reason, mask in _text_faults(text, dialect, limits, may_mark=True):
            if pc.any(mask, min_count=0).as_py():
                faults.append(_describe(rows.filter(mask), file, column.header, reason, CELL))
                rows = _emptied(rows, column.source, mask)
    return rows, faults


def _row_faults(
    values: pa.ChunkedArray, column: FileColumn, dialect: Dialect, limits: TargetLimits
) -> Iterator[tuple[str, pa.ChunkedArray]]:
    """Yield each way in which a value costs its row, with the rows where it does."""
    if column.required:
        yield "is empty", values.is_null()
    if column.format == "text" and (column.required or column.is_verbatim):
        text = values.cast(pa.string())
        if column.is_verbatim:
            broken = pc.match_substring_regex(text, _BREAKS_AN_ID)
            yield "is empty, or holds a control character or a space at an end", _is(broken)
        yield from _text_faults(text, dialect, limits, may_mark=not column.is_verbatim)


def _text_faults(
    text: pa.ChunkedArray, dialect: Dialect, limits: TargetLimits, *, may_mark: bool
) -> Iterator[tuple[str, pa.ChunkedArray]]:
    """Yield each way in which a text can be at fault, with the rows where it is.

    Args:
        text: the values.
        dialect: how they are written.
        limits: of the target.
        may_mark: a formula may be neutralised where the dialect does so; an id is not altered.
    """
    if dialect.formulas == "reject" or not may_mark:
        yield "begins like a spreadsheet formula", is_runnable(text)
    if dialect.quoting == "none":
        yield "holds the delimiter, a quote or a line break", needs_quotes(text, dialect)
    if dialect.empty_cell:
        yield f"reads as {dialect.empty_cell}, no value", _is(pc.equal(text, dialect.empty_cell))
    if limits.field_characters is not None:
        longer = pc.greater(pc.utf8_length(text), limits.field_characters)
        yield f"is longer than {limits.field_characters:,} characters", _is(longer)
    if limits.field_bytes is not None:
        longer = pc.greater(pc.binary_length(text), limits.field_bytes)
        yield f"is longer than {limits.field_bytes:,} bytes", _is(longer)


def _keep_one(
    rows: pa.Table, file: File, column: FileColumn
) -> tuple[pa.Table, tuple[pa.Table, pa.Table]]:
    """Let each value of a column stand once: elsewhere it costs its cell, or its row."""
    again = _repeats(rows, column.source, file.prefer)
    others = [name for name in file.one_of if name != column.source]
    is_spared = column.source in file.one_of and bool(others)
    alone = _has_none(rows, others) if is_spared else pa.repeat(pa.scalar(value=True), len(rows))
    costs_row = pc.and_(again, alone)
    costs_cell = pc.and_not(again, alone)
    faults = (
        _describe(rows.filter(costs_row), file, column.header, _REPEATED),
        _describe(rows.filter(costs_cell), file, column.header, _REPEATED, CELL),
    )
    return _without(_emptied(rows, column.source, costs_cell), costs_row), faults


def _emptied(rows: pa.Table, name: str, mask: pa.ChunkedArray | pa.Array) -> pa.Table:
    """Return the rows with the marked cells of a column empty."""
    kept = pc.if_else(mask, pa.scalar(None, rows[name].type), rows[name])
    return rows.set_column(rows.column_names.index(name), name, kept)


def _without(rows: pa.Table, mask: pa.ChunkedArray | pa.Array) -> pa.Table:
    """Return the rows that are not marked; where none is, without a copy of them all."""
    return rows.filter(pc.invert(mask)) if pc.any(mask, min_count=0).as_py() else rows


def _has_none(rows: pa.Table, names: Sequence[str]) -> pa.ChunkedArray:
    """Mark the rows in which all of some columns are empty."""
    return pc.is_null(pc.coalesce(*(rows[name] for name in names)))


def _is(mask: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(mask, fill_value=False)


def _repeats(rows: pa.Table, name: str, prefer: str) -> pa.Array:
    """Mark each value that a preferred row has too; an empty one repeats nothing."""
    values = rows[name].to_pandas()
    if prefer:
        order = rows[prefer].to_pandas().sort_values(ascending=False, kind="stable").index
        values = values.loc[order]
    return pa.array((values.duplicated() & values.notna()).sort_index(), pa.bool_())


def _describe(
    rows: pa.Table, file: File, column: str, reason: str, consequence: str = ROW
) -> pa.Table:
    length = len(rows)
    named = (one.source for one in file.columns if one.is_id)
    key = next(named, "customer_id" if "customer_id" in rows.column_names else None)
    return pa.table(
        {
            "file": pa.repeat(file.name, length),
            "id": pa.nulls(length, pa.string()) if key is None else rows[key].cast(pa.string()),
            "column": pa.repeat(column, length),
            "reason": pa.repeat(reason, length),
            "consequence": pa.repeat(consequence, length),
        },
        schema=REJECTS_SCHEMA,
    )

"""From any frame to a contract table: every value read, or kept as it stood in `UNPARSED`.

Rows stay as many as they were and in their order. Text is made plain (`text.plain_text`): composed,
without invisible characters and outer spaces; text without anything else is an empty value.
"""

import json
from collections.abc import Mapping, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation.contracts.reading import Formats, is_readable, read_column, to_text
from pipeline.foundation.contracts.tables import Table
from pipeline.foundation.contracts.text import plain_text
from pipeline.foundation.errors import DataError, did_you_mean

__all__ = ["Formats", "check_columns", "conform"]

DEFAULT_FORMATS = Formats()
_COMMA = ", "


def conform(frame: pd.DataFrame, table: Table, formats: Formats = DEFAULT_FORMATS) -> pa.Table:
    """Return the frame as the contract's raw table, rows in their order.

    Args:
        frame: contract column names, any types; text is read by `formats`.
        table: the contract.
        formats: how text is read.

    Returns:
        A table of `table.raw_schema` with as many rows as the frame.

    Raises:
        DataError: a required column is missing, or a column is not in the contract or there twice.
    """
    check_columns(list(frame.columns), table)
    arrays: list[pa.Array] = []
    faults: dict[str, pa.Array] = {}
    for column in table.columns:
        if column.name not in frame.columns:
            arrays.append(pa.nulls(len(frame), column.arrow_type))
            continue
        given = _to_arrow(frame[column.name])
        filled = _without_empty(given)
        arrays.append(read_column(filled, column.type, formats.of(column)))
        failed = pc.and_(pc.is_null(arrays[-1]), pc.is_valid(filled))
        if pc.any(failed).as_py():
            faults[column.name] = pc.if_else(failed, to_text(given), pa.scalar(None, pa.string()))
    arrays.append(_unparsed(faults, len(frame)))
    return pa.Table.from_arrays(arrays, schema=table.raw_schema)


def check_columns(found: Sequence[str], table: Table) -> None:
    """Refuse a table that lacks a required column or brings one the contract does not know."""
    for column in table.columns:
        if column.required and column.name not in found:
            raise DataError(
                f"column {column.name!r} in table {table.name!r}",
                ", ".join(found) or "no columns",
                f"{did_you_mean(column.name, found)}Add the column, or map it in params.yaml.",
            )
    for name in found:
        if name not in table.names:
            raise DataError(
                f"in table {table.name!r} only columns of the contract: {', '.join(table.names)}",
                repr(name),
                f"{did_you_mean(name, table.names)}Leave the column out, rename it, or declare it "
                "in source.customer_attributes if it describes a customer.",
            )
        if found.count(name) > 1:
            raise DataError(
                f"column {name!r} once in table {table.name!r}",
                f"{found.count(name)} columns of that name",
                "Leave all but one out, or rename them.",
            )


def _to_arrow(values: pd.Series) -> pa.Array:
    """Return a column as one plain array: no chunks, no dictionary, no NaN, no large strings."""
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowException, OverflowError):  # values of several types, or of none that Arrow has
        return _written_out(values)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_large_string(array.type) or pa.types.is_string_view(array.type):
        return array.cast(pa.string())
    if pa.types.is_float16(array.type):  # few functions of Arrow know it
        array = array.cast(pa.float32())
    if pa.types.is_floating(array.type):
        return pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    return array if is_readable(array.type) else _written_out(values)


def _written_out(values: pd.Series) -> pa.Array:
    return pa.array(values.map(str, na_action="ignore"), pa.string(), from_pandas=True)


def _without_empty(values: pa.Array) -> pa.Array:
    if not pa.types.is_string(values.type):
        return values
    return plain_text(values)


def _unparsed(faults: Mapping[str, pa.Array], length: int) -> pa.Array:
    """Return a row's unreadable values as JSON `{column: text}`, columns in order of name."""
    if not faults:
        return pa.nulls(length, pa.string())
    members = [_json_members(name, faults[name]) for name in sorted(faults)]
    joined = pc.binary_join_element_wise(*members, "", null_handling="replace")
    inside = pc.utf8_slice_codeunits(joined, len(_COMMA))
    document = pc.binary_join_element_wise("{", inside, "}", "")
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), document)


def _json_members(name: str, texts: pa.Array) -> pa.Array:
    """Return `, "name": "text"` for every text; each different text is written once."""
    coded = texts.dictionary_encode()
    key = json.dumps(name, ensure_ascii=False)
    written = [
        f"{_COMMA}{key}: {json.dumps(text, ensure_ascii=False)}"
        for text in coded.dictionary.to_pylist()
    ]
    return pc.take(pa.array(written, pa.string()), coded.indices)

"""The data dictionary of a package: every column of every file, in words."""

from collections.abc import Iterable

import pyarrow as pa

from pipeline.exports.profile import Column, Dialect, File

_FIELDS = ("file", "column", "type", "meaning", "empty means")

DICTIONARY = File(
    name="data_dictionary.csv",
    rows="customers",
    grain="one row per column of a file",
    columns=tuple(Column(name, name, "text", f"The {name}.") for name in _FIELDS),
)


def describe(files: Iterable[File], dialect: Dialect) -> pa.Table:
    """Return one row per column, in the order of the files."""
    rows = [
        (file.name, c.header, _type(c, dialect), c.meaning, c.empty or "never empty")
        for file in files
        for c in file.columns
    ]
    columns = zip(*rows, strict=True) if rows else [()] * len(_FIELDS)
    return pa.table([pa.array(column, pa.string()) for column in columns], names=list(_FIELDS))


def _type(column: Column, dialect: Dialect) -> str:
    match column.format:
        case "decimal":
            return f"decimal, {column.decimals} digits after the point"
        case "date":
            return f"date, {dialect.date_format}"
        case "flag":
            return f"{dialect.yes} or {dialect.no}"
        case "integer":
            return "whole number"
        case "text":
            return "id" if column.is_id else "text"

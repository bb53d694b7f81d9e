"""The data dictionary of a package: every column of every file, in words."""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from pipeline.exports.profile import CellFormat, Dialect, File, FileColumn

_FIELDS = ("file", "column", "type", "meaning", "empty means")

DICTIONARY = File(
    name="data_dictionary.csv",
    rows="customers",
    grain="one row per column of a file",
    columns=tuple(FileColumn(name, name, "text", f"The {name}.") for name in _FIELDS),
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


def _type(column: FileColumn, dialect: Dialect) -> str:
    if column.is_hashed:
        return "SHA-256, 64 hexadecimal digits"
    names: Mapping[CellFormat, str] = {
        "text": "id" if column.is_id else "text",
        "integer": "whole number",
        "decimal": f"decimal, {column.decimals} digits after the point",
        "money": "amount, 2 digits after the point",
        "date": f"date, {dialect.date_format}",
        "flag": f"{dialect.yes} or {dialect.no}",
        "phone": "phone number, E.164",
    }
    return names[column.format]

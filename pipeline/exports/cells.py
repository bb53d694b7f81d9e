"""From values to the cells of a file, column by column; an empty value stays null."""

from collections.abc import Callable
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.profile import Dialect, FileColumn

FORMULA = r"^[=+\-@\t\r]"
"""How a text begins that a spreadsheet takes for a formula."""
RUNNABLE = r"(?s)^[=\t\r]|^[+\-@].*[(|!]"
"""A formula that could do harm. After a plain sign that takes a call, a command or a reference to
another sheet: `+cmd|' /C calc'!A0` is one, `+5 GB extra`, `-20 °C jacket` and `@home` are names."""


def to_cells(values: pa.ChunkedArray, column: FileColumn, dialect: Dialect) -> pa.StringArray:
    """Return a column as text, quoted where the dialect asks for it."""
    array = values.combine_chunks()
    match column.format:
        case "text" if not column.is_verbatim:
            cells = _each_distinct(array, lambda texts: _protect(texts, dialect))
        case "text":
            cells = _quote_where_needed(array.cast(pa.string()), dialect)
        case "integer":
            cells = array.cast(pa.int64()).cast(pa.string())
        case "decimal":
            cells = array.cast(pa.decimal128(18, column.decimals)).cast(pa.string())
        case "money":
            cells = _in_units(array).cast(pa.string())
        case "phone":
            cells = array.cast(pa.string())
        case "date":
            cells = _each_distinct(array, lambda days: pc.strftime(days, dialect.date_format))
        case "flag":
            cells = pc.if_else(array, dialect.yes, dialect.no)
    return _quote(cells) if dialect.quoting == "all" else cells


def is_formula(texts: pa.ChunkedArray | pa.StringArray) -> pa.ChunkedArray | pa.BooleanArray:
    """Mark texts that a spreadsheet takes for a formula; an empty one is none."""
    return pc.fill_null(pc.match_substring_regex(texts, FORMULA), fill_value=False)


def is_runnable(texts: pa.ChunkedArray | pa.StringArray) -> pa.ChunkedArray | pa.BooleanArray:
    """Mark texts that could do harm where a spreadsheet ran them; an empty one is none."""
    return pc.fill_null(pc.match_substring_regex(texts, RUNNABLE), fill_value=False)


def needs_quotes(
    texts: pa.ChunkedArray | pa.StringArray, dialect: Dialect
) -> pa.ChunkedArray | pa.BooleanArray:
    """Mark texts that hold a quote, a line break or the delimiter; an empty one needs none."""
    pattern = f'["\\r\\n\\x{{{ord(dialect.delimiter):x}}}]'
    return pc.fill_null(pc.match_substring_regex(texts, pattern), fill_value=False)


def _in_units(cents: pa.Array) -> pa.Array:
    """Return cents, whole or a fraction of them, as units with two digits after the point."""
    whole = pc.round(cents).cast(pa.int64()).cast(pa.decimal128(19, 0))
    hundredth = pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))
    return pc.multiply(whole, hundredth)


def _each_distinct(
    array: pa.Array, convert: Callable[[pa.Array], pa.StringArray]
) -> pa.StringArray:
    """Convert each distinct value once; rows are many and texts and days repeat themselves."""
    encoded = array.dictionary_encode()
    return convert(encoded.dictionary).take(encoded.indices)


def _protect(texts: pa.StringArray, dialect: Dialect) -> pa.StringArray:
    """Neutralise formulas and quote what needs it; cells a dialect rejects never come here."""
    if dialect.formulas == "prefix":
        marked = pc.binary_join_element_wise("'", texts, "")
        texts = pc.if_else(is_formula(texts), marked, texts)
    return _quote_where_needed(texts, dialect)


def _quote_where_needed(texts: pa.StringArray, dialect: Dialect) -> pa.StringArray:
    if dialect.quoting != "minimal":
        return texts
    return pc.if_else(needs_quotes(texts, dialect), _quote(texts), texts)


def _quote(cells: pa.StringArray) -> pa.StringArray:
    return pc.binary_join_element_wise('"', pc.replace_substring(cells, '"', '""'), '"', "")

"""From any frame to a contract table: every value cast, or kept as it stood in `UNPARSED`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.contracts.columns import Column
from pipeline.contracts.tables import Table
from pipeline.errors import DataError, did_you_mean

TRUE_WORDS = frozenset({"true", "t", "yes", "y", "1"})
FALSE_WORDS = frozenset({"false", "f", "no", "n", "0"})


@dataclass(frozen=True)
class Formats:
    """How text is read as numbers, dates and times."""

    decimal: str = "."
    date_format: str = "%Y-%m-%d"
    moment_format: str = "%Y-%m-%d %H:%M:%S"
    timezone: str = "UTC"


DEFAULT_FORMATS = Formats()
_Parsed = tuple[pa.Array, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]


@dataclass
class _Unreadable:
    """Values that could not be read, by row; the frame is large and the faults are few."""

    rows: dict[int, dict[str, str]] = field(default_factory=dict)

    def add(
        self, column: str, values: pd.Series, mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    ) -> None:
        for row in np.flatnonzero(mask):
            self.rows.setdefault(int(row), {})[column] = str(values.iloc[int(row)])

    def to_arrow(self, length: int) -> pa.Array:
        texts: list[str | None] = [None] * length
        for row, faults in self.rows.items():
            texts[row] = json.dumps(faults, sort_keys=True, ensure_ascii=False)
        return pa.array(texts, pa.string())


def conform(frame: pd.DataFrame, table: Table, formats: Formats = DEFAULT_FORMATS) -> pa.Table:
    """Return the frame as the contract's raw table, rows in their order.

    Args:
        frame: contract column names, any types; text is read by `formats`.
        table: the contract.
        formats: how text is read.

    Returns:
        A table of `table.raw_schema` with as many rows as the frame.

    Raises:
        DataError: a required column is missing, or a column is not in the contract.
    """
    check_columns(list(frame.columns), table)
    unreadable = _Unreadable()
    arrays: list[pa.Array] = []
    for column in table.columns:
        if column.name not in frame.columns:
            arrays.append(pa.nulls(len(frame), column.arrow_type))
            continue
        values = frame[column.name]
        parsed, failed = _parse(values, column, formats)
        if failed.any():
            unreadable.add(column.name, values, failed)
        arrays.append(parsed)
    arrays.append(unreadable.to_arrow(len(frame)))
    return pa.Table.from_arrays(arrays, schema=table.raw_schema)


def check_columns(found: list[str], table: Table) -> None:
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


def _parse(values: pd.Series, column: Column, formats: Formats) -> _Parsed:
    """Read a column; the mask marks values that are there but cannot be read."""
    text = values.astype("str").str.strip() if _is_text(values) else None
    empty = values.isna().to_numpy(bool)
    if text is not None:
        empty = empty | (text == "").to_numpy(bool)
    parse = _PARSERS[column.type]
    array = parse(values if text is None else text.mask(pd.Series(empty, text.index)), formats)
    return array, np.asarray(array.is_null()) & ~empty


def _is_text(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.StringDtype | pd.CategoricalDtype) or values.dtype == object


def _to_text(values: pd.Series, _: Formats) -> pa.Array:
    if pd.api.types.is_float_dtype(values.dtype):
        values = values.astype("Int64")  # an id column with gaps was read as floats
    return pa.array(values.astype("str").where(values.notna(), None), pa.string(), from_pandas=True)


def _to_float(values: pd.Series, formats: Formats) -> pd.Series:
    if _is_text(values) and formats.decimal == ",":
        values = values.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    return numbers.where(np.isfinite(numbers))


def _to_number(values: pd.Series, formats: Formats) -> pa.Array:
    return pa.array(_to_float(values, formats), pa.float64(), from_pandas=True)


def _to_integer(values: pd.Series, formats: Formats) -> pa.Array:
    numbers = _to_float(values, formats)
    whole = numbers.where((numbers == numbers.round()) & (numbers.abs() < 2**53))
    return pa.array(whole.astype("Int64"), pa.int64(), from_pandas=True)


def _to_money(values: pd.Series, formats: Formats) -> pa.Array:
    """Read an amount as exact hundredths; more than two decimals cannot be read."""
    cents = _to_float(values, formats) * 100
    whole = cents.where(
        ((cents - cents.round()).abs() < 1e-6 * cents.abs().clip(lower=1.0)) & (cents.abs() < 2**53)
    )
    exact = pa.array(whole.round().astype("Int64"), pa.int64(), from_pandas=True)
    # An integer's bytes are those of a decimal with scale 0; re-labelling the scale divides by 100.
    decimals = exact.cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(
        pa.decimal128(18, 2), len(decimals), decimals.buffers(), offset=decimals.offset
    )


def _to_moments(values: pd.Series, format_: str, timezone: str) -> pd.Series:
    if _is_text(values):
        moments = pd.to_datetime(values, format=format_, errors="coerce")
    else:
        moments = pd.to_datetime(values, errors="coerce")
    if moments.dt.tz is not None:
        return moments.dt.tz_convert("UTC").dt.tz_localize(None)
    if timezone != "UTC":
        local = moments.dt.tz_localize(timezone, ambiguous="NaT", nonexistent="NaT")
        return local.dt.tz_convert("UTC").dt.tz_localize(None)
    return moments


def _to_moment(values: pd.Series, formats: Formats) -> pa.Array:
    moments = _to_moments(values, formats.moment_format, formats.timezone)
    return pa.array(moments.astype("datetime64[us]"), pa.timestamp("us"), from_pandas=True)


def _to_date(values: pd.Series, formats: Formats) -> pa.Array:
    days = _to_moments(values, formats.date_format, "UTC").astype("datetime64[us]")
    return pa.array(days, pa.timestamp("us"), from_pandas=True).cast(pa.date32(), safe=False)


def _to_flag(values: pd.Series, _: Formats) -> pa.Array:
    words = values.astype("str").str.lower()
    flags = pd.Series(pd.NA, index=values.index, dtype="boolean")
    flags = flags.mask(words.isin(TRUE_WORDS), other=True).mask(
        words.isin(FALSE_WORDS), other=False
    )
    return pa.array(flags, pa.bool_(), from_pandas=True)


_PARSERS: Mapping[str, Callable[[pd.Series, Formats], pa.Array]] = {
    "text": _to_text,
    "integer": _to_integer,
    "money": _to_money,
    "rate": _to_number,
    "number": _to_number,
    "score": _to_number,
    "date": _to_date,
    "moment": _to_moment,
    "flag": _to_flag,
}

"""Values of any type read as one contract type, a whole column at a time.

Nothing is guessed and nothing is rounded: what is not plainly a value of the type comes back null,
and `conform` keeps it as it stood. Where text could be read in two ways, `Formats` decides:

- Numbers may group their thousands, in threes, by a space, an apostrophe, or the character of point
  and comma that is not the decimal one; a currency's sign may stand before or after them, and the
  minus behind, as in `1 234,50 €` and `19,90-`.
- A local time that the clocks pass twice, when summer time ends, is the first of the two, and counted
  in the log. One that they skip, when it begins, is unreadable; but for midnight, which exports write
  for a day without an hour: it is the first moment of the day.
- A leap second, 60, is the second after it.
- A day without an hour is that day, in whatever zone: it is never moved to the day before.
- A moment given for a date keeps the calendar day that is written; an instant (`Z`, UTC) has the
  day of `timezone`.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation.contracts.columns import ARROW_TYPES, Column, ColumnType

log = logging.getLogger(__name__)

TRUE_WORDS = ("true", "t", "yes", "y", "1")
FALSE_WORDS = ("false", "f", "no", "n", "0")

_LARGEST_EXACT_FLOAT = 2.0**53
_LARGEST_MONEY = 10.0**16
_QUICK_FORMAT = re.compile(r"(%[YmdHMS]|[^%])+")
_HOURS = re.compile(r"%[HIpXcTRrs]")
_OFFSET = r"([+-])(\d{2}):?(\d{2})\s*$"
_CURRENCY = (
    r"[$€£¥₩₹₽₺₪₫₱฿]|kr\.?|zł|Kč|Ft|R\$|S/|"
    r"EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|CAD|AUD|NZD|MXN|BRL|ARS|CLP|COP|PEN|JPY|INR"
)
_GAP = r"[ \t\x{00A0}\x{202F}]*"
_SPACES = r"[ \x{00A0}\x{202F}\x{2009}'\x{2019}]"
_NOISE = 1e-9  # of a currency unit: what adding up binary floats leaves behind, never an amount


@dataclass(frozen=True)
class Formats:
    """How text is read as numbers, dates and times."""

    decimal: str = "."
    date_format: str = "%Y-%m-%d"
    moment_format: str = "%Y-%m-%d %H:%M:%S"
    timezone: str = "UTC"
    by_column: Mapping[str, str] = field(default_factory=dict)
    """Columns that have a date or moment format of their own."""
    rounding: bool = False
    """Amounts of more than two decimals are rounded, halves away from zero; else they are unreadable."""
    latest: date | None = None
    """The last day that a date of the past may have: a year of two digits is of the century before it."""

    def of(self, column: Column) -> "Formats":
        """Return the formats as they hold for one column."""
        formats = self if column.is_past else replace(self, latest=None)
        own = self.by_column.get(column.name)
        return formats if own is None else replace(formats, date_format=own, moment_format=own)


def is_readable(type_: pa.DataType) -> bool:
    """Tell whether `read_column` takes values of an Arrow type."""
    types = pa.types
    return (
        _is_number(type_)
        or types.is_temporal(type_)
        or types.is_string(type_)
        or types.is_boolean(type_)
        or types.is_null(type_)
    )


def read_column(values: pa.Array, type_: ColumnType, formats: Formats) -> pa.Array:
    """Return the values in the contract type's Arrow type, null where they cannot be read."""
    return _READERS[type_](values, formats).cast(ARROW_TYPES[type_])


def to_text(values: pa.Array) -> pa.Array:
    """Write values out as text; whole floats as integers, since gaps make floats of ids."""
    if _is_float(values):
        whole = _where(_is_whole(values), values).cast(pa.int64()).cast(pa.string())
        return pc.coalesce(whole, values.cast(pa.string()))
    return values.cast(pa.string())


def _read_text(values: pa.Array, _: Formats) -> pa.Array:
    return to_text(values)


def _read_number(values: pa.Array, formats: Formats) -> pa.Array:
    if pa.types.is_string(values.type):
        values = _plain_numbers(values, formats.decimal)
    elif not _is_number(values.type):
        return pa.nulls(len(values), pa.float64())
    numbers = values.cast(pa.float64(), safe=False)
    return _where(pc.is_finite(numbers), numbers)


def _read_integer(values: pa.Array, formats: Formats) -> pa.Array:
    if pa.types.is_string(values.type):
        plain = pc.replace_substring_regex(
            _plain_numbers(values, formats.decimal), r"^\+|\.0*$", replacement=""
        )
        return _where(pc.match_substring_regex(plain, r"^-?\d{1,18}$"), plain).cast(pa.int64())
    if _is_float(values):
        return _where(_is_whole(values), values).cast(pa.int64())
    if pa.types.is_decimal(values.type):
        fits = pc.and_(_has_decimals(values, 0), _is_below(values, _LARGEST_EXACT_FLOAT))
        return _where(fits, values).cast(pa.int64())
    if pa.types.is_integer(values.type):
        fits = _is_below(values, 2.0**63)
        return _where(fits, values).cast(pa.int64())
    return pa.nulls(len(values), pa.int64())


def _read_money(values: pa.Array, formats: Formats) -> pa.Array:
    """Read exact amounts; one with more than two decimals cannot be read, or is rounded if so asked."""
    money = ARROW_TYPES["money"]
    if formats.rounding and (_is_float(values) or pa.types.is_string(values.type)):
        plain = (
            values.cast(pa.string())
            if _is_float(values)
            else _plain_numbers(values, formats.decimal)
        )
        return _rounded(plain)
    if pa.types.is_string(values.type):
        plain = _plain_numbers(values, formats.decimal)
        fits = pc.match_substring_regex(plain, r"^[+-]?0{0,9}\d{0,16}(\.\d{0,2}0{0,9})?$")
        return _where(fits, plain).cast(money)
    if _is_float(values):
        return _money_of_floats(values)
    if pa.types.is_decimal(values.type):
        fits = pc.and_(_has_decimals(values, 2), _is_below(values, _LARGEST_MONEY))
        return _where(fits, values).cast(money)
    if pa.types.is_integer(values.type):
        return (
            _where(_is_below(values, _LARGEST_MONEY), values).cast(pa.decimal128(22, 2)).cast(money)
        )
    return pa.nulls(len(values), money)


def _rounded(plain: pa.Array) -> pa.Array:
    """Round amounts written with a point to hundredths, halves away from zero."""
    fits = pc.match_substring_regex(plain, r"^[+-]?\d{0,16}(\.\d{0,18})?$")
    exact = _where(fits, plain).cast(pa.decimal256(40, 18))
    return (
        pc.round(exact, 2, "half_towards_infinity")
        .cast(pa.decimal256(40, 2))
        .cast(ARROW_TYPES["money"])
    )


def _money_of_floats(values: pa.Array) -> pa.Array:
    """Take a float for the hundredths that it stands for, if no others are as near.

    A float is the nearest one to its decimal, or a few of its own steps off after a sum; where
    four steps are half a hundredth or more, it no longer says which hundredth it was.
    """
    finite = _where(pc.is_finite(values), values)
    floats = finite.to_numpy(zero_copy_only=False)
    steps = 4 * np.abs(np.spacing(floats)).astype(np.float64)
    amounts = floats.astype(np.float64)
    cents = np.rint(amounts * 100)
    is_exact = (np.abs(amounts - cents / 100) <= np.maximum(steps, _NOISE)) & (steps < 0.005)
    whole = pa.array(np.where(is_exact, cents, 0).astype(np.int64), mask=~is_exact)
    # Same digits, two of them behind the point: a decimal of scale 0 is one of scale 2 × 100.
    decimals = whole.cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(
        pa.decimal128(19, 2), len(decimals), decimals.buffers(), offset=decimals.offset
    ).cast(ARROW_TYPES["money"])


def _read_moment(values: pa.Array, formats: Formats) -> pa.Array:
    moments = _read_by_format(values, formats.moment_format)
    is_day = pa.types.is_date(values.type) or (
        pa.types.is_string(values.type) and not _HOURS.search(formats.moment_format)
    )
    if moments.dt.tz is None and formats.timezone != "UTC" and not is_day:
        moments = _localise(moments, formats.timezone)
    if moments.dt.tz is not None:
        moments = moments.dt.tz_convert("UTC").dt.tz_localize(None)
    return pa.array(moments.astype("datetime64[us]"), from_pandas=True)


def _localise(moments: "pd.Series[pd.Timestamp]", timezone: str) -> "pd.Series[pd.Timestamp]":
    """Return local times with their zone; a midnight that the clocks skip is the day's beginning.

    Of 26 October 2025 in Madrid: 02:30 is read as 00:30 UTC, in summer time; 01:30 UTC is as likely.
    """
    strict = moments.dt.tz_localize(timezone, ambiguous="NaT", nonexistent="NaT")
    left = strict.isna() & moments.notna()
    if not left.any():
        return strict
    doubtful, first = moments[left], np.ones(int(left.sum()), dtype=bool)
    earlier = doubtful.dt.tz_localize(timezone, ambiguous=first, nonexistent="NaT")
    twice = int((earlier.notna() & (doubtful.dt.normalize() != doubtful)).sum())
    if twice:
        log.warning(
            "%s local times lie in the hour that the clocks of %s pass twice; each is read as the "
            "first of the two, and may be an hour later",
            f"{twice:,}",
            timezone,
        )
    begins = doubtful.dt.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
    read = begins.where(earlier.notna() | (doubtful.dt.normalize() == doubtful))
    return strict.fillna(read.reindex(moments.index))


def _read_date(values: pa.Array, formats: Formats) -> pa.Array:
    days = _as_written(_read_by_format(values, formats.date_format), values, formats)
    if formats.latest is not None and "%y" in formats.date_format:
        is_ahead = days > pd.Timestamp(formats.latest)
        days = days.where(~is_ahead, days - pd.DateOffset(years=100))
    return pa.array(days.astype("datetime64[us]"), from_pandas=True).cast(pa.date32(), safe=False)


def _as_written(
    moments: "pd.Series[pd.Timestamp]", values: pa.Array, formats: Formats
) -> "pd.Series[pd.Timestamp]":
    """Return moments in the zone they were written in, without it; UTC in that of the mapping.

    Three texts of one moment, read for a date with the time zone Europe/Madrid:

        1990-05-12T00:00:00+02:00   12 May, as written
        1990-05-11T18:00:00-04:00   11 May, as written
        1990-05-11T22:00:00Z        12 May, as it was in Madrid
    """
    if moments.dt.tz is None:
        return moments
    if str(moments.dt.tz) != "UTC":
        return moments.dt.tz_localize(None)
    local = moments.dt.tz_convert(formats.timezone).dt.tz_localize(None)
    if not pa.types.is_string(values.type):
        return local
    offset = pd.Series(values.to_pandas()).str.extract(_OFFSET)
    minutes = pd.to_numeric(offset[1]) * 60 + pd.to_numeric(offset[2])
    shift = pd.to_timedelta(minutes.where(offset[0] != "-", -minutes), unit="min")
    written = moments.dt.tz_localize(None) + shift
    return written.where(minutes.fillna(0) != 0, local)


def _read_by_format(values: pa.Array, format_: str) -> "pd.Series[pd.Timestamp]":
    """Read text and numbers by the format; moments and dates are taken as they are."""
    if pa.types.is_date(values.type):
        values = values.cast(pa.timestamp("us"))
    if pa.types.is_timestamp(values.type):
        return _to_series(values)
    if pa.types.is_boolean(values.type):
        values = pa.nulls(len(values), pa.string())
    text = to_text(values)
    quick = _read_quickly(text, format_)
    rest = _read_thoroughly(_where(pc.is_null(quick), text), format_)
    return rest if "%z" in format_ else rest.fillna(_to_series(quick))


def _read_quickly(text: pa.Array, format_: str) -> pa.Array:
    """Read by Arrow, but for what it lets through: 30 February as 2 March, 17 as the year 17.

    Such days and years are written out again, and count only if that gives the same text.
    """
    if not _QUICK_FORMAT.fullmatch(format_):
        return pa.nulls(len(text), pa.timestamp("s"))
    moments = pc.strptime(text, format=format_, unit="s", error_is_null=True)
    doubtful = pc.or_(pc.less_equal(pc.day(moments), 3), pc.less(pc.year(moments), 1000))
    written = pc.strftime(_where(doubtful, moments), format=format_)
    return _where(
        pc.or_(pc.invert(doubtful), pc.fill_null(pc.equal(written, text), False)), moments
    )


def _read_thoroughly(text: pa.Array, format_: str) -> "pd.Series[pd.Timestamp]":
    # pandas reads "now" and "today" by the clock, whatever the format.
    dated = _where(pc.match_substring_regex(text, r"[0-9]"), text)
    moments: pd.Series[pd.Timestamp] = pd.to_datetime(
        pd.Series(dated.to_pandas()), format=format_, errors="coerce", utc="%z" in format_
    )
    return moments


def _to_series(moments: pa.Array) -> "pd.Series[pd.Timestamp]":
    return pd.Series(moments.to_pandas(coerce_temporal_nanoseconds=False))


def _read_flag(values: pa.Array, _: Formats) -> pa.Array:
    if pa.types.is_boolean(values.type):
        return values
    words = pc.utf8_lower(to_text(values))
    is_true = pc.is_in(words, value_set=pa.array(TRUE_WORDS))
    is_false = pc.is_in(words, value_set=pa.array(FALSE_WORDS))
    return _where(pc.or_(is_true, is_false), is_true)


def _plain_numbers(text: pa.Array, decimal: str) -> pa.Array:
    """Return numbers written with a point and no grouping; null what is not a number."""
    point, group = (r"\.", ",") if decimal == "." else (",", r"\.")
    plain = rf"^[+-]?(\d+({point}\d*)?|{point}\d+)([eE][+-]?\d{{1,3}})?$"
    grouped = rf"^[+-]?[1-9]\d{{0,2}}({group}\d{{3}})+({point}\d*)?$"
    spaced = rf"^[+-]?[1-9]\d{{0,2}}({_SPACES}\d{{3}})+({point}\d*)?$"
    pattern = f"{plain}|{grouped}|{spaced}"
    is_plain = pc.match_substring_regex(text, pattern)
    bare = pc.if_else(is_plain, text, _without_currency(text))
    is_number = pc.match_substring_regex(bare, pattern)
    joined = pc.replace_substring_regex(_where(is_number, bare), _SPACES, "")
    ungrouped = pc.replace_substring(joined, "," if decimal == "." else ".", replacement="")
    return pc.replace_substring(ungrouped, decimal, replacement=".")


def _without_currency(text: pa.Array) -> pa.Array:
    """Return amounts without one currency's sign, and a minus behind them in front."""
    signed = pc.replace_substring(text, "\u2212", "-")
    bare = pc.replace_substring_regex(signed, rf"^([+-]?){_GAP}(?:{_CURRENCY}){_GAP}", r"\1")
    bare = pc.if_else(
        pc.equal(bare, signed),
        pc.replace_substring_regex(signed, rf"{_GAP}(?:{_CURRENCY}){_GAP}(-?)$", r"\1"),
        bare,
    )
    return pc.replace_substring_regex(bare, rf"^([0-9].*?){_GAP}-$", r"-\1")


def _is_float(values: pa.Array) -> bool:
    return bool(pa.types.is_floating(values.type))


def _is_number(type_: pa.DataType) -> bool:
    types = pa.types
    return bool(types.is_floating(type_) or types.is_integer(type_) or types.is_decimal(type_))


def _is_whole(floats: pa.Array) -> pa.Array:
    return pc.and_(pc.equal(floats, pc.round(floats)), _is_below(floats, _LARGEST_EXACT_FLOAT))


def _has_decimals(decimals: pa.Array, at_most: int) -> pa.Array:
    wide = decimals.cast(pa.decimal256(76, decimals.type.scale))  # leaves room to round up
    return pc.equal(wide, pc.round(wide, at_most))


def _is_below(values: pa.Array, bound: float) -> pa.Array:
    return pc.less(pc.abs(values.cast(pa.float64(), safe=False)), bound)


def _where(condition: pa.Array, values: pa.Array) -> pa.Array:
    return pc.if_else(condition, values, pa.scalar(None, values.type))


_READERS: Mapping[ColumnType, Callable[[pa.Array, Formats], pa.Array]] = {
    "text": _read_text,
    "integer": _read_integer,
    "money": _read_money,
    "rate": _read_number,
    "number": _read_number,
    "score": _read_number,
    "date": _read_date,
    "moment": _read_moment,
    "flag": _read_flag,
}

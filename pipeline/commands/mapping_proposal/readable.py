"""How well a column's text reads as a type, and in which format: tried, with the contract's readers."""

import re
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from pipeline.foundation.contracts.columns import ColumnType
from pipeline.foundation.contracts.reading import Formats, read_column

DAYS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d/%m/%y",
)
HOURS = (" %H:%M:%S", " %H:%M", "T%H:%M:%S", "")
OFFSETS = ("", "%z", " %z")
_EITHER = r"^[1-9]\d{0,2}[.,]\d{3}$"  # 1,234 is a thousand or a little more than one
_MOST_VALUES = 2_000
_FEW_VALUES = 20
_MOST_OF_THEM = 0.5


@dataclass(frozen=True)
class Reading:
    """The share of values that read as a type, and the formats that read as many."""

    share: float
    formats: tuple[str, ...] = ()
    decimal: str = "."
    is_either_decimal: bool = False
    """Every value reads with a point as with a comma for decimals, and not as the same number."""

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether day and month may be exchanged: both ways read every value."""
        return len({format_[:5] for format_ in self.formats} & {"%d/%m", "%m/%d"}) > 1


def readable(texts: "pd.Series[str]", type_: ColumnType) -> Reading:
    """Return how a column's text reads best as a type; an empty column reads as nothing."""
    given = pd.Series(texts.dropna().unique())
    if given.empty:
        return Reading(0)
    if type_ == "text":
        return Reading(1)
    if type_ in ("date", "moment"):
        return _read_times(given, type_)
    sample = given.head(_MOST_VALUES)
    shares = {sign: _share(sample, type_, Formats(decimal=sign)) for sign in (".", ",")}
    decimal = "," if shares[","] > shares["."] else "."
    is_either = shares[","] == shares["."] and bool(sample.str.contains(_EITHER).any())
    return Reading(shares[decimal], decimal=decimal, is_either_decimal=is_either)


def _read_times(given: "pd.Series[str]", type_: ColumnType) -> Reading:
    """Return the formats that read most; of a few values first, so that few are tried on all."""
    hours = HOURS if type_ == "moment" else (*HOURS[-1:], *HOURS[:-1])
    tried = [day + hour + offset for hour in hours for day in DAYS for offset in OFFSETS]
    few = given.head(_FEW_VALUES)
    likely = [
        format_
        for format_ in tried
        if _has_shape(few, format_) and _share(few, type_, _formats(format_)) >= _MOST_OF_THEM
    ]
    shares = {format_: _share(given, type_, _formats(format_)) for format_ in likely}
    best = max(shares.values(), default=0.0)
    return Reading(best, tuple(format_ for format_ in likely if best and shares[format_] == best))


def _has_shape(given: "pd.Series[str]", format_: str) -> bool:
    """Tell whether a text looks as the format writes: far cheaper to ask than to read it."""
    parts = re.sub(r"(?:%[YmdHMSy])+", "9", format_.replace("%z", "~"))
    pattern = re.escape(parts).replace("\\~", "~").replace("~", r"(?:[+-]9(?::9)?|Z)")
    shapes = given.str.replace(r"\d+", "9", regex=True)
    return bool(shapes.str.fullmatch(pattern).any())


def _formats(format_: str) -> Formats:
    return Formats(date_format=format_, moment_format=format_)


def _share(given: "pd.Series[str]", type_: ColumnType, formats: Formats) -> float:
    values = read_column(pa.array(given, pa.string(), from_pandas=True), type_, formats)
    return 1 - int(values.null_count) / len(values)

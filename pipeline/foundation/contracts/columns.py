"""One column of a contract table: its type and the rules each of its values must keep."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import pyarrow as pa

# `moment` is a UTC timestamp, `money` an exact amount in the company's currency.
ColumnType = Literal[
    "text", "integer", "money", "rate", "number", "score", "date", "moment", "flag"
]

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "money": pa.decimal128(18, 2),
    "rate": pa.float64(),
    "number": pa.float64(),
    "score": pa.float64(),
    "date": pa.date32(),
    "moment": pa.timestamp("us"),
    "flag": pa.bool_(),
}

RuleKind = Literal[
    "unparsed",
    "not_null",
    "pattern",
    "allowed",
    "range",
    "not_before",
    "references",
    "after_coverage",
    "unique",
]

Bound = int | float | Decimal | date | datetime


@dataclass(frozen=True)
class Column:
    """A column and its rules; a rule that is not named does not hold."""

    name: str
    type: ColumnType
    required: bool = False
    """The column must exist in the source; an optional one that is missing is added, all empty."""
    nullable: bool = True
    """A value may be empty."""
    allowed: tuple[str, ...] = ()
    minimum: Bound | None = None
    maximum: Bound | None = None
    pattern: str | None = None
    """A regular expression, of the kind RE2 and Java share, that the whole value must match."""
    references: str | None = None
    """`table.column` that must hold the value; an empty value refers to nothing and passes."""
    not_before: str | None = None
    """Another column of the same row that this value may not precede."""
    is_past: bool = False
    """A day that cannot lie after the data's end, such as a birth."""
    row_faults: tuple[RuleKind, ...] = ()
    """Faults that cost the row although the value may be empty: without it the rest of the row would
    say something else. Every other fault of a value that may be empty costs the value alone."""
    personal: bool = False
    """Never reaches a feature, a log, a model or MLflow."""

    @property
    def arrow_type(self) -> pa.DataType:
        """Return the type that the column has in every parquet file of the pipeline."""
        return ARROW_TYPES[self.type]

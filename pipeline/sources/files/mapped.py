"""A frame of the user's as a contract table, as its mapping says: from files and databases alike."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation.config import TableMapping
from pipeline.foundation.contracts.conform import Formats, conform
from pipeline.foundation.contracts.tables import UNPARSED, Table
from pipeline.sources.files.mapping import rename

log = logging.getLogger(__name__)


def mapped_rows(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    mapping: TableMapping,
    table: Table,
    latest: date | None = None,
) -> pa.Table:
    """Return the frame as the contract's raw table.

    Args:
        frame: the user's columns.
        columns: by the contract's column which of them it is.
        mapping: how they are read.
        table: the contract.
        latest: the data's last day, about: years of two digits lie before it, where they must.
    """
    return conform(rename(frame, columns, mapping), table, _formats(mapping, latest))


def _formats(mapping: TableMapping, latest: date | None) -> Formats:
    return Formats(
        rounding=mapping.rounding is not None,
        latest=latest,
        decimal=mapping.decimal,
        date_format=mapping.date_format,
        moment_format=mapping.moment_format,
        timezone=mapping.timezone,
        by_column=mapping.formats,
    )


@dataclass(frozen=True)
class Unread:
    """How much of each column could not be read; that of two parts of a table adds up."""

    faults: Counter[str]
    """By column, those that stand in `UNPARSED`."""
    read: Counter[str]
    """By column, those that could be read."""

    def __add__(self, other: "Unread") -> "Unread":
        """Return what holds of both parts."""
        return Unread(self.faults + other.faults, self.read + other.read)


NOTHING_UNREAD = Unread(Counter(), Counter())


def count_unread(rows: pa.Table, columns: Mapping[str, str]) -> Unread:
    """Count the values of each mapped column that could, and could not, be read."""
    faults = rows[UNPARSED].drop_null()
    return Unread(
        Counter(
            {
                name: pc.sum(pc.match_substring(faults, f'"{name}": ')).as_py() or 0
                for name in columns
            }
        ),
        Counter({name: rows.num_rows - rows[name].null_count for name in columns}),
    )


def warn_of_unread_columns(unread: Unread, columns: Mapping[str, str]) -> None:
    """Point at a column of which nothing could be read: that is a wrong format, not bad data."""
    for name, given in sorted(columns.items()):
        count = unread.faults[name]
        if count and not unread.read[name]:
            log.warning(
                "%s (column %r): none of its %s values can be read; check decimal, date_format, "
                "moment_format and values in params.yaml",
                name,
                given,
                f"{count:,}",
            )

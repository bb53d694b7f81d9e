"""A frame of the user's as a contract table, as its mapping says: from files and databases alike."""

import logging
from collections.abc import Mapping
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


def warn_of_unread_columns(rows: pa.Table, columns: Mapping[str, str]) -> None:
    """Point at a column of which nothing could be read: that is a wrong format, not bad data."""
    faults = rows[UNPARSED].drop_null()
    for name, given in sorted(columns.items()):
        count = pc.sum(pc.match_substring(faults, f'"{name}": ')).as_py()
        if count and rows[name].null_count == rows.num_rows:
            log.warning(
                "%s (column %r): none of its %s values can be read; check decimal, date_format, "
                "moment_format and values in params.yaml",
                name,
                given,
                f"{count:,}",
            )

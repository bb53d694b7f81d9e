"""Which rows of a file count: those that `where` keeps and `drop` leaves, and of repeats one.

Nothing is left out in silence: each filter says how many rows it cost, and rows that stand twice in a
ledger are counted even where nobody asked to leave them out.
"""

import logging
from collections.abc import Sequence
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation.config import FileMapping
from pipeline.foundation.contracts.tables import Table
from pipeline.foundation.contracts.text import plain_text
from pipeline.foundation.errors import ConfigurationError, did_you_mean, known

log = logging.getLogger(__name__)

_BULK = 0.99  # of the events lie before this day; the rest may be bookings ahead or mistyped years


def chosen_rows(
    frame: pd.DataFrame, mapping: FileMapping, table: str
) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows that the mapping's filters keep, and a sentence on those that each cost.

    Args:
        frame: the user's columns, under the user's names.
        mapping: `where` and `drop` name columns of the file, and values as they stand there; "" is an
            empty cell, and a value that ends in `*` all that begin so.
        table: of the contract, for the sentences.

    Raises:
        ConfigurationError: a column that the file does not have.
    """
    notes = []
    for part, given in (("where", mapping.where), ("drop", mapping.drop)):
        for column, values in given.items():
            _check_column(column, list(frame.columns), f"{mapping.place}.{table}.{part}")
            matches = _matches(frame[column], values)
            keeps = matches if part == "where" else ~matches
            lost = int((~keeps).sum())
            notes.append(
                f"{table}: {lost:,} of {len(frame):,} rows left out by {part} on {column} "
                f"({', '.join(value or 'empty' for value in values)})"
            )
            frame = frame[keeps]
    return frame, notes


def without_repeats(
    rows: pa.Table, mapping: FileMapping, table: Table
) -> tuple[pa.Table, list[str]]:
    """Return the rows without their repeats, if the mapping asks so, and a sentence on them.

    Of rows that share a key but differ, the first in the order of all columns stays.

    Raises:
        ConfigurationError: a key of columns that the contract does not know.
    """
    if mapping.deduplicate is False:
        _warn_of_repeats(rows, mapping, table)
        return rows, []
    every = list(table.names)
    key = every if mapping.deduplicate is True else mapping.deduplicate
    for name in key:
        _check_column(name, every, f"{mapping.place}.{table.name}.deduplicate")
    ordered = rows.to_pandas().sort_values(every, kind="stable")
    is_first = ~ordered.duplicated(key).sort_index()
    of = "whole rows" if key is every else " + ".join(key)
    lost = int((~is_first).sum())
    note = f"{table.name}: {lost:,} of {rows.num_rows:,} rows left out as repeats of {of}"
    return rows.filter(pa.array(is_first)), [note]


def latest_day(events: pa.Table | None) -> date | None:
    """Return about the last day of the events, past which no birth lies; nothing without any."""
    if events is None or events["occurred_at"].null_count == events.num_rows:
        return None
    micros = events["occurred_at"].drop_null().cast(pa.int64())
    (bulk,) = pc.quantile(micros, q=_BULK, interpolation="lower").to_pylist()
    return pd.Timestamp(bulk, unit="us").date()


def _check_column(name: str, names: Sequence[str], place: str) -> None:
    if name not in names:
        raise ConfigurationError(
            f"in {place} {known(names)}",
            repr(name),
            f"{did_you_mean(name, names)}Correct params.yaml.",
        )


def _matches(cells: "pd.Series[str]", values: Sequence[str]) -> "pd.Series[bool]":
    written = pa.array(cells.map(str, na_action="ignore"), pa.string(), from_pandas=True)
    text: pd.Series[str] = plain_text(written).to_pandas().fillna("").set_axis(cells.index)
    exact = text.isin(values)
    starts = tuple(value[:-1] for value in values if value.endswith("*"))
    return exact | text.str.startswith(starts) if starts else exact


def _warn_of_repeats(rows: pa.Table, mapping: FileMapping, table: Table) -> None:
    """Say how many rows of a ledger equal another one; a table with a key is judged by validation."""
    if table.key:
        return
    different = rows.group_by(list(table.names)).aggregate([]).num_rows
    if different < rows.num_rows:
        log.warning(
            "%s: %s rows equal another row in every column and are counted as often as they stand "
            "there; if exports overlap, set %s.%s.deduplicate to true",
            table.name,
            f"{rows.num_rows - different:,}",
            mapping.place,
            table.name,
        )

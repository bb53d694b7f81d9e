"""Which rows of a file or database table count: those that `where` keeps and `drop` leaves, and of repeats one.

Nothing is left out in silence: each filter says how many rows it cost, and rows that stand twice in a
ledger are counted even where nobody asked to leave them out.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation.config import EngineParams, TableMapping
from pipeline.foundation.contracts.reading import to_text
from pipeline.foundation.contracts.tables import PRODUCT_EVENTS, Table
from pipeline.foundation.contracts.text import plain_text
from pipeline.foundation.engines import open_engine
from pipeline.foundation.errors import DataError, unknown_name
from pipeline.sources.base import BATCH_ROWS, BatchedTable

log = logging.getLogger(__name__)

Costs = npt.NDArray[np.int64]
"""Filters × rows before, rows left out; those of two parts of a table add up."""
COUNTING = EngineParams(name="duckdb", threads=1, memory_gb=0.5)
Filter = tuple[str, str, tuple[str, ...]]
"""`where` or `drop`, the user's column, and the values."""
TWICE_SHARE, LEAST_ROWS = 0.4, 50
"""Of so many product events or more, so many that equal another one are no sales by chance."""
_BULK = 0.99  # of the events lie before this day; the rest may be bookings ahead or mistyped years


def choose(
    frame: pd.DataFrame, mapping: TableMapping, table: str
) -> tuple[npt.NDArray[np.bool_], Costs]:
    """Say which rows the mapping's filters keep, and how many rows each filter costs.

    Args:
        frame: the user's columns, under the user's names.
        mapping: `where` and `drop` name columns of the user's, and values as they stand there; "" is
            an empty cell, and a value that ends in `*` all that begin so.
        table: of the contract, for the errors.

    Returns:
        A flag for each row, and the costs in the order of `filters`.

    Raises:
        ConfigurationError: a column that the frame does not have.
    """
    keeps = np.ones(len(frame), dtype=bool)
    costs = []
    for part, column, values in filters(mapping):
        check_column(column, list(map(str, frame.columns)), f"{mapping.place}.{table}.{part}")
        is_meant = _matches(frame[column], values) == (part == "where")
        costs.append((int(keeps.sum()), int((keeps & ~is_meant).sum())))
        keeps &= is_meant
    return keeps, np.array(costs, dtype=np.int64).reshape(-1, 2)


def no_costs(mapping: TableMapping) -> Costs:
    """Return the costs of the filters before any row is read."""
    return np.zeros((len(filters(mapping)), 2), dtype=np.int64)


def filters(mapping: TableMapping) -> tuple[Filter, ...]:
    """Return the filters in the order in which they are applied: part, column and values."""
    parts = (("where", mapping.where), ("drop", mapping.drop))
    return tuple(
        (part, column, tuple(values)) for part, given in parts for column, values in given.items()
    )


def tell_costs(costs: Costs, mapping: TableMapping, table: str) -> list[str]:
    """Return a sentence on the rows that each filter cost.

    Args:
        costs: of all rows, the sum of what `choose` returned of their parts.
        mapping: the filters.
        table: of the contract.
    """
    return [
        f"{table}: {lost:,} of {before:,} rows left out by {part} on {column} "
        f"({', '.join(value or 'empty' for value in values)})"
        for (part, column, values), (before, lost) in zip(
            filters(mapping), costs.tolist(), strict=True
        )
    ]


def without_repeats(
    rows: BatchedTable, mapping: TableMapping, table: Table
) -> tuple[BatchedTable, list[str]]:
    """Return the rows without their repeats and a sentence on them, if the mapping asks so.

    They are then in memory whole. Of rows that share a key but differ, the first in the order of
    all columns stays.

    Raises:
        ConfigurationError: a key of columns that the contract does not know.
    """
    if mapping.deduplicate is False:
        return rows, []
    every = list(table.names)
    key = every if mapping.deduplicate is True else mapping.deduplicate
    for name in key:
        check_column(name, every, f"{mapping.place}.{table.name}.deduplicate")
    whole = rows.whole()
    ordered = whole.to_pandas().sort_values(every, kind="stable")
    is_first = ~ordered.duplicated(key).sort_index()
    of = "whole rows" if key is every else " + ".join(key)
    lost = int((~is_first).sum())
    note = f"{table.name}: {lost:,} of {rows.num_rows:,} rows left out as repeats of {of}"
    return BatchedTable.of(whole.filter(pa.array(is_first))), [note]


def latest_day(events: BatchedTable | None) -> date | None:
    """Return about the last day of the events, past which no birth lies; nothing without any."""
    if events is None:
        return None
    moments = [batch["occurred_at"].drop_null().cast(pa.int64()) for batch in events.batches()]
    micros = pa.chunked_array([chunk for one in moments for chunk in one.chunks], pa.int64())
    if not len(micros):
        return None
    (bulk,) = pc.quantile(micros, q=_BULK, interpolation="lower").to_pylist()
    return pd.Timestamp(bulk, unit="us").date()


def check_column(name: str, names: Sequence[str], place: str) -> None:
    """Refuse a name that is not among those there, and liken it to one.

    Raises:
        ConfigurationError: it is not there.
    """
    if name not in names:
        raise unknown_name(f"in {place}", name, names)


def _matches(cells: pd.Series, values: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Say which cells are one of the values, as text: numbers as written, true and false in words."""
    given = pa.array(cells, from_pandas=True)
    if isinstance(given, pa.ChunkedArray):
        given = given.combine_chunks()
    text: pd.Series[str] = plain_text(to_text(given)).to_pandas().fillna("")
    starts = tuple(value[:-1] for value in values if value.endswith("*"))
    exact = text.isin(values)
    found = exact | text.str.startswith(starts) if starts else exact
    return np.asarray(found, dtype=bool)


def warn_of_repeats(rows: BatchedTable, mapping: TableMapping, table: Table) -> None:
    """Say how many rows of a ledger equal another one; a table with a key is judged by validation.

    Raises:
        DataError: so many product events do that the file was given twice.
    """
    if table.key:
        return
    different = _count_different(rows, table.names)
    repeated = rows.num_rows - different
    is_much = repeated >= TWICE_SHARE * rows.num_rows and rows.num_rows >= LEAST_ROWS
    if is_much and table.name == PRODUCT_EVENTS.name:
        raise DataError(
            f"each row of {table.name} once",
            f"{repeated:,} of {rows.num_rows:,} rows that equal another one in every column",
            f"Remove what was exported twice, or set {mapping.place}.{table.name}.deduplicate to "
            "true; if they are sales of their own, map what tells them apart (order_id, the time).",
        )
    if repeated:
        log.warning(
            "%s: %s rows equal another row in every column and are counted as often as they stand "
            "there; if exports overlap, set %s.%s.deduplicate to true",
            table.name,
            f"{repeated:,}",
            mapping.place,
            table.name,
        )


def _count_different(rows: BatchedTable, names: Sequence[str]) -> int:
    """Return how many different rows there are; of a large table, counted on disk."""
    if rows.num_rows <= BATCH_ROWS:
        return int(rows.whole().group_by(list(names)).aggregate([]).num_rows)
    with open_engine(COUNTING) as engine:
        kept = engine.table(pa.RecordBatchReader.from_batches(rows.schema, _record_batches(rows)))
        counted = engine.arrow(kept.select(*names).distinct().count().as_table())
    return int(counted.column(0)[0].as_py())


def _record_batches(rows: BatchedTable) -> Iterator[pa.RecordBatch]:
    for batch in rows.batches():
        yield from batch.to_batches()

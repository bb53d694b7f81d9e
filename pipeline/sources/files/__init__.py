"""The user's own CSV or parquet files, whatever their columns are called.

`source.files.tables` names a file for each contract table, and how it is read; or
`source.files.template` names the shop system whose exports the files are (`shops`).
"""

import logging
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path

import pyarrow as pa

from pipeline.foundation.config import FileMapping, FilesParams, SourceParams
from pipeline.foundation.contracts.tables import PRODUCT_EVENTS, Table, raw_tables
from pipeline.foundation.errors import ConfigurationError
from pipeline.sources.base import BATCH_ROWS, BatchedTable, RawData
from pipeline.sources.files.choosing import (
    choose,
    latest_day,
    no_costs,
    tell_costs,
    warn_of_repeats,
    without_repeats,
)
from pipeline.sources.files.guests import check_guests, keep_apart
from pipeline.sources.files.mapped import (
    NOTHING_UNREAD,
    count_unread,
    mapped_rows,
    warn_of_unread_columns,
)
from pipeline.sources.files.mapping import check_mappings, find_columns, plain_mapping
from pipeline.sources.files.reading import find_file, read_frames
from pipeline.sources.files.shops import read_shop
from pipeline.sources.files.staging import stage
from pipeline.sources.files.suspicions import check_whole

log = logging.getLogger(__name__)


def read(params: SourceParams) -> RawData:
    """Read every file that the parameters name as its contract table.

    Raises:
        ConfigurationError: the parameters do not fit the contract or the files.
        DataError: a file is missing, or cannot be read as the parameters say.
    """
    contract = raw_tables(params.customer_attributes)
    if params.files.template is not None:
        return read_shop(params.files, params.files.template, contract)
    _check_tables(params.files)
    mappings = {name: plain_mapping(mapping) for name, mapping in params.files.tables.items()}
    check_mappings(mappings, contract, "source.files.tables")
    check_guests(mappings)
    folder = Path(params.files.folder)
    tables: dict[str, BatchedTable] = {}
    notes: list[str] = []
    # The events first: they tell in which century a birth of two digits lies.
    for name in sorted(mappings, key=lambda name: name != PRODUCT_EVENTS.name):
        path = find_file(folder, mappings[name].file)
        latest = latest_day(tables.get(PRODUCT_EVENTS.name))
        tables[name], told = _read_table(path, mappings[name], contract[name], latest)
        notes += told
    if (events := mappings.get(PRODUCT_EVENTS.name)) is not None and events.guests:
        kept_apart, told = keep_apart(tables[PRODUCT_EVENTS.name])
        tables |= kept_apart
        notes += told
    found = {name: tables[name] for name in contract if name in tables}
    return RawData(
        {name: rows.whole() for name, rows in found.items() if rows.num_rows <= BATCH_ROWS},
        " ".join([_state(params.files), *(f"{note}." for note in sorted(notes))]),
        batched={name: rows for name, rows in found.items() if rows.num_rows > BATCH_ROWS},
    )


def _check_tables(params: FilesParams) -> None:
    if not params.tables:
        raise ConfigurationError(
            "the user's files in source.files.tables",
            "none",
            "`make init` proposes them; or name a file for customers, products and product_events "
            "at least. See docs/own_data.md.",
        )


def _read_table(
    path: Path, mapping: FileMapping, table: Table, latest: date | None
) -> tuple[BatchedTable, list[str]]:
    """Return the rows of a file and what is to be said of those left out."""
    frames = read_frames(path, mapping, table.name)
    first = next(frames)
    columns = find_columns(list(first.columns), mapping, table)
    costs, unread = no_costs(mapping), NOTHING_UNREAD

    def parts() -> Iterator[pa.Table]:
        nonlocal costs, unread
        for frame in chain([first], frames):
            keeps, lost = choose(frame, mapping, table.name)
            mapped = mapped_rows(frame[keeps], columns, mapping, table, latest)
            costs, unread = costs + lost, unread + count_unread(mapped, columns)
            yield mapped

    staged = stage(parts())
    if mapping.deduplicate is False:
        warn_of_repeats(staged, mapping, table)
    rows, further = without_repeats(staged, mapping, table)
    notes = tell_costs(costs, mapping, table.name)
    check_whole(rows, mapping, table)
    ignored = sorted(set(map(str, first.columns)) - set(columns.values()))
    log.info(
        "%s: %s rows of %s; columns not read: %s",
        table.name,
        f"{rows.num_rows:,}",
        path,
        ", ".join(ignored) or "none",
    )
    warn_of_unread_columns(unread, columns)
    for note in (*notes, *further):
        log.info("%s", note)
    return rows, [*notes, *further]


def _state(params: FilesParams) -> str:
    files = ", ".join(
        f"{name} from {mapping.file}" for name, mapping in sorted(params.tables.items())
    )
    return f"The user's own files in {params.folder}: {files}."

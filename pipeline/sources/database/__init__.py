"""The user's own database, whichever engine it is, as `make pull` read it last.

`source.database.tables` names a table or a query for each contract table, and how it is read. The
stage reads no database: it reads what `pulling` wrote to data/pulled, so that runs and experiments
are about the same data until somebody pulls again, and need no password.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.foundation import paths
from pipeline.foundation.config import DatabaseTable, SourceParams
from pipeline.foundation.contracts.tables import PRODUCT_EVENTS, Table, raw_tables
from pipeline.sources.base import BatchedTable, RawData
from pipeline.sources.database.pulled import Pulled, check_tables, read_record
from pipeline.sources.files.choosing import without_repeats
from pipeline.sources.files.guests import check_guests, keep_apart
from pipeline.sources.files.mapped import count_unread, mapped_rows, warn_of_unread_columns
from pipeline.sources.files.mapping import check_mappings, plain_mapping

log = logging.getLogger(__name__)

BATCH_ROWS = 1 << 20  # a row group of what ingest writes: the bytes are those of a table read whole


def read(params: SourceParams) -> RawData:
    """Return the tables that were read last, as the contract asks for them, in batches.

    Raises:
        ConfigurationError: the parameters do not fit the contract.
        DataError: nothing was read yet, or something else than the parameters ask for.
    """
    contract = raw_tables(params.customer_attributes)
    mappings = {name: plain_mapping(one) for name, one in params.database.tables.items()}
    check_tables(mappings)
    check_mappings(mappings, contract, "source.database.tables")
    check_guests(mappings)
    record = read_record(paths.PULLED_TABLES, mappings)
    tables: dict[str, BatchedTable] = {}
    notes: list[str] = []
    for name, mapping in mappings.items():
        path = paths.table(paths.PULLED_TABLES, name)
        rows = _batched(path, mapping, contract[name])
        tables[name], told = without_repeats(rows, mapping, contract[name])
        for note in told:
            log.info("%s", note)
        notes += [*record.tables[name].notes, *told]
    if (events := mappings.get(PRODUCT_EVENTS.name)) is not None and events.guests:
        kept_apart, told = keep_apart(tables[PRODUCT_EVENTS.name])
        tables |= kept_apart
        notes += told
    statement = " ".join([_state(record), *(f"{note}." for note in sorted(notes))])
    return RawData({}, statement, batched=tables)


def _batched(path: Path, mapping: DatabaseTable, table: Table) -> BatchedTable:
    def batches() -> Iterator[pa.Table]:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(BATCH_ROWS):
                yield _mapped(batch, mapping, table)

    return BatchedTable(table.raw_schema, pq.read_metadata(path).num_rows, batches)


def _mapped(batch: pa.RecordBatch, mapping: DatabaseTable, table: Table) -> pa.Table:
    frame: pd.DataFrame = batch.to_pandas(types_mapper=pd.ArrowDtype)
    columns = {name: name for name in frame.columns}
    rows = mapped_rows(frame, columns, mapping, table)
    warn_of_unread_columns(count_unread(rows, columns), columns)
    return rows


def _state(record: Pulled) -> str:
    tables = ", ".join(
        f"{name} from {table.asked if ' ' not in table.asked else 'a query'}"
        for name, table in sorted(record.tables.items())
    )
    return f"The user's own database: {tables}; digest {record.digest[:12]}."

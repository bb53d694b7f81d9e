"""From the database to data/pulled: every table of one moment, streamed, sorted and digested.

The digest is of the content alone: neither the order in which rows come nor the time matters, and
of a database that says the same nothing is written.
"""

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot.expressions as sg
from ibis.backends import BaseBackend
from tqdm import tqdm

from pipeline.foundation import paths
from pipeline.foundation.config import DatabaseTable, SourceParams
from pipeline.foundation.contracts.erased import read_erased
from pipeline.foundation.contracts.tables import Table, raw_tables
from pipeline.foundation.contracts.text import plain_name
from pipeline.foundation.engines import Engine
from pipeline.sources.database import any_engine, duckdb, postgres, sqlite
from pipeline.sources.database.connection import connect
from pipeline.sources.database.pulled import (
    RECORD,
    Pulled,
    PulledTable,
    asked_of,
    check_tables,
    digest_of,
    file_digest,
    find_record,
    others_than,
)
from pipeline.sources.database.reader import Reader
from pipeline.sources.files.choosing import check_column, choose, filters, tell_costs
from pipeline.sources.files.guests import check_guests
from pipeline.sources.files.mapping import check_mappings, find_columns, plain_mapping

log = logging.getLogger(__name__)

_FILTER = "filtered on "

_READERS: Mapping[str, Callable[[BaseBackend], AbstractContextManager[Reader]]] = {
    "duckdb": duckdb.open_reader,
    "postgres": postgres.open_reader,
    "sqlite": sqlite.open_reader,
}


def pull(params: SourceParams, engine: Engine) -> bool:
    """Read the tables that the parameters name; say whether they differ from those of last time.

    Args:
        params: the database, and what is read of it.
        engine: sorts what does not fit into memory.

    Raises:
        ConfigurationError: the parameters do not fit the contract or the database.
        DataError: the database refuses something, or has no such table.
    """
    contract = raw_tables(params.customer_attributes)
    mappings = {name: plain_mapping(one) for name, one in params.database.tables.items()}
    check_tables(mappings)
    check_mappings(mappings, contract, "source.database.tables")
    check_guests(mappings)
    with paths.scratch("pulling") as fresh:
        with connect(params.database.url_variable) as connection, open_reader(connection) as reader:
            version = reader.answer(params.database.version) if params.database.version else None
            if version is not None and _is_current(version, mappings):
                log.info("nothing changed, by the answer to source.database.version: %s", version)
                return False
            tables = {
                name: _pull_table(
                    reader, _source(mapping, connection), mapping, contract[name], fresh
                )
                for name, mapping in sorted(mappings.items())
            }
        pulled = {
            name: _sort(table, paths.table(fresh, name), engine) for name, table in tables.items()
        }
        is_new = _keep(Pulled(digest=digest_of(pulled), tables=pulled), fresh)
    _keep_version(version, digest_of(pulled))
    return is_new


def open_reader(connection: BaseBackend) -> AbstractContextManager[Reader]:
    """Return what reads one state of a database, by its engine."""
    return _READERS.get(connection.name, any_engine.open_reader)(connection)


def _source(mapping: DatabaseTable, connection: BaseBackend) -> str:
    """Return what stands behind FROM: the table's quoted name, or the query in brackets."""
    if mapping.sql:
        return f"({mapping.sql.rstrip().rstrip(';')}) AS asked"
    return quoted_table(asked_of(mapping), connection)


def quoted_table(name: str, connection: BaseBackend) -> str:
    """Return schema.table with each part as the database has it, whatever is in it."""
    parts = (sg.to_identifier(part, quoted=True) for part in name.split("."))
    return ".".join(part.sql(dialect=connection.dialect) for part in parts)


def _pull_table(
    reader: Reader, source: str, mapping: DatabaseTable, table: Table, folder: Path
) -> PulledTable:
    """Write a table's mapped columns of the rows that its filters keep, without the erased."""
    own_names = {plain_name(name): name for name in reader.columns(source)}
    columns = find_columns(list(own_names), mapping, table)
    wanted = {name: own_names[columns[name]] for name in table.names if name in columns}
    rows = reader.rows(source, wanted | _filtered_on(mapping, table, own_names))
    schema = pa.schema([rows.schema.field(name) for name in wanted])
    erased = read_erased()
    count, costs = 0, np.zeros((len(filters(mapping)), 2), dtype=np.int64)
    with (
        pq.ParquetWriter(paths.table(folder, table.name), schema) as writer,
        tqdm(desc=table.name, unit=" rows", unit_scale=True, mininterval=1, disable=None) as bar,
    ):
        for batch in rows.batches:
            keeps, lost = choose(_as_the_users(batch), mapping, table.name)
            chosen = batch.select(list(wanted)).filter(pa.array(keeps))
            kept = erased.without(pa.Table.from_batches([chosen]))
            writer.write_table(kept)
            count, costs = count + len(kept), costs + lost
            bar.update(batch.num_rows)
    log.info("%s: %s rows of %s", table.name, f"{count:,}", mapping.origin)
    notes = tell_costs(costs, mapping, table.name)
    for note in notes:
        log.info("%s", note)
    return PulledTable(
        asked=asked_of(mapping),
        columns=mapping.columns,
        filters=filters(mapping),
        notes=tuple(notes),
        rows=count,
        digest="",
    )


def _filtered_on(
    mapping: DatabaseTable, table: Table, own_names: Mapping[str, str]
) -> dict[str, str]:
    """Return the columns that `where` and `drop` look at, which need not be mapped themselves."""
    for part, column, _ in filters(mapping):
        check_column(column, list(own_names), f"{mapping.place}.{table.name}.{part}")
    return {f"{_FILTER}{column}": own_names[column] for _, column, _ in filters(mapping)}


def _as_the_users(batch: pa.RecordBatch) -> pd.DataFrame:
    """Return the columns that are filtered on, under the user's names."""
    names = [name for name in batch.schema.names if name.startswith(_FILTER)]
    frame: pd.DataFrame = batch.select(names).to_pandas(types_mapper=pd.ArrowDtype)
    if not names:
        return pd.DataFrame(index=range(batch.num_rows))
    return frame.set_axis([name.removeprefix(_FILTER) for name in names], axis="columns")


def _sort(table: PulledTable, path: Path, engine: Engine) -> PulledTable:
    """Put the rows of a file in order; a database has none of its own."""
    rows = engine.read(path)
    engine.write(rows, path, sort_by=rows.columns)
    return table.model_copy(update={"digest": file_digest(path)})


def _keep(record: Pulled, fresh: Path) -> bool:
    """Let what was read take the place of the last reading; if it is the same, leave that alone."""
    is_new = record != find_record(paths.PULLED_TABLES)
    if is_new:
        text = json.dumps(record.model_dump(), indent=2, sort_keys=True, ensure_ascii=False)
        with paths.replacing_folder(paths.PULLED_TABLES) as folder:
            for file in sorted(fresh.iterdir()):
                file.rename(folder / file.name)
            (folder / RECORD).write_text(text + "\n", encoding="utf-8")
    return is_new


def _is_current(version: str, mappings: Mapping[str, DatabaseTable]) -> bool:
    """Tell whether the last reading is of this version, and of what the mappings ask for."""
    record = find_record(paths.PULLED_TABLES)
    if record is None or not paths.PULLED_VERSION.exists() or others_than(record, mappings):
        return False
    before = json.loads(paths.PULLED_VERSION.read_text(encoding="utf-8"))
    return bool(before == {"digest": record.digest, "version": version})


def _keep_version(version: str | None, digest: str) -> None:
    """Write down the version beside the tables, where DVC does not look: it may move without them."""
    paths.PULLED_VERSION.unlink(missing_ok=True)
    if version is not None:
        with paths.replacing(paths.PULLED_VERSION) as partial:
            partial.write_text(json.dumps({"digest": digest, "version": version}), encoding="utf-8")

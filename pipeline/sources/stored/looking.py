"""From the user's own tables to what the stages know of them: where, rows, columns and digest.

Rows and digest are told by the engine: on a cluster by its executors. Where no file was written since
the last look, by name, size and time, nothing is read.
"""

import json
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from pipeline.foundation import paths
from pipeline.foundation.config import SourceParams, StoredTable
from pipeline.foundation.contracts.tables import Table, raw_tables
from pipeline.foundation.engines import HASHES, Engine, sum_hashes
from pipeline.foundation.errors import DataError
from pipeline.foundation.storage_addresses import Parts, find_parts_at
from pipeline.foundation.stored_tables import Manifest, digest_of
from pipeline.sources.files.mapping import check_mappings, find_columns
from pipeline.sources.stored.seen import RECORD, Seen, asked_of, check_tables, find_seen

log = logging.getLogger(__name__)

AT_ONCE = 16  # ends of files that are read


def look(params: SourceParams, engine: Engine) -> bool:
    """Look at the tables that the parameters name; say whether they differ from those of last time.

    Raises:
        ConfigurationError: the parameters do not fit the contract or the tables.
        DataError: a table is not there, is empty, or its files have different columns.
    """
    contract = raw_tables(params.customer_attributes)
    tables = params.stored.tables
    check_tables(tables)
    check_mappings(tables, contract, "source.stored.tables")
    parts = {name: find_parts_at(one.path) for name, one in sorted(tables.items())}
    before = find_seen()
    version = _version(params, engine, parts)
    if before is not None and _is_current(version, before):
        log.info("no file was written since the last look")
        return False
    seen = Seen(
        asked=asked_of(params),
        tables={name: _see(engine, tables[name], contract[name], parts[name]) for name in parts},
    )
    if seen != before:
        with paths.replacing_folder(paths.PULLED_TABLES) as folder:
            text = json.dumps(seen.model_dump(), indent=2, ensure_ascii=False)
            (folder / RECORD.name).write_text(text + "\n", encoding="utf-8")
    _keep_version(version, seen)
    return seen != before


def _see(engine: Engine, mapping: StoredTable, table: Table, parts: Parts) -> Manifest:
    """Return the manifest of a table; its rows are read once, by the engine."""
    schema = _common_schema(mapping, parts)
    _check_folders(mapping, table, parts.folder_columns() - {*schema.names})
    columns = find_columns(schema.names, mapping, table)
    names = {name: columns[name] for name in table.names if name in columns}
    types = {name: str(schema.field(own_name).type) for name, own_name in names.items()}
    _check_types(engine, mapping, types)
    own = engine.scan(mapping.path, list(names.values()))
    hashed = engine.hashed(own.select(**{name: own[given] for name, given in names.items()}))
    told = engine.arrow(hashed.aggregate(rows=hashed.count(), **sum_hashes(hashed))).to_pylist()[0]
    if not told["rows"]:
        raise DataError(
            f"rows in table {table.name!r} at {mapping.path}",
            "none",
            "Deliver its rows, or leave the table out if it is optional.",
        )
    digest = digest_of(told["rows"], types, [int(told[name]) for name in HASHES])
    log.info("%s: %s rows at %s", table.name, f"{told['rows']:,}", mapping.path)
    return Manifest(
        location=mapping.path, rows=told["rows"], columns=types, digest=digest, names=names
    )


def _common_schema(mapping: StoredTable, parts: Parts) -> pa.Schema:
    """Return the columns that every file has; a column that a file lacks would be read as empty."""
    with ThreadPoolExecutor(AT_ONCE) as readers:
        found = readers.map(parts.schema_of, parts.files)
        first = next(found)
        for file, schema in zip(parts.files[1:], found, strict=True):
            if {*schema} != {*first}:
                odd = sorted(f"{one.name} ({one.type})" for one in {*schema} ^ {*first})
                raise DataError(
                    f"the same columns in all files at {mapping.path}",
                    f"others in {file} than in {parts.files[0]}: {', '.join(odd)}",
                    "Have the cluster write the table anew, with one set of columns and types.",
                )
    return first


def _check_types(engine: Engine, mapping: StoredTable, types: Mapping[str, str]) -> None:
    """Refuse a column of bytes, and on Spark one of nanoseconds, which Spark does not read."""
    unread = ["binary"] + ["[ns"] * engine.is_distributed
    if odd := [f"{name} ({kind})" for name, kind in types.items() if any(map(kind.count, unread))]:
        raise DataError(
            f"at {mapping.path} columns of texts, numbers, dates and moments"
            + (" in microseconds" if engine.is_distributed else ""),
            ", ".join(odd),
            "Have the column written so: as text in place of bytes, in microseconds in place of "
            "nanoseconds.",
        )


def _check_folders(mapping: StoredTable, table: Table, folder_columns: frozenset[str]) -> None:
    """Refuse a column that is wanted and stands in the names of folders alone."""
    wanted = {*(mapping.columns.values() or table.names)}
    if told := sorted(wanted & folder_columns):
        raise DataError(
            f"in the files at {mapping.path} every column that is read",
            f"{', '.join(told)} in the names of folders",
            "Have the cluster write the column into the files, or leave it out of columns.",
        )


def _version(params: SourceParams, engine: Engine, parts: Mapping[str, Parts]) -> str:
    states = {name: one.state for name, one in parts.items()}
    return json.dumps([asked_of(params), engine.is_distributed, states], sort_keys=True)


def _is_current(version: str, seen: Seen) -> bool:
    if not paths.PULLED_VERSION.exists():
        return False
    before = json.loads(paths.PULLED_VERSION.read_text(encoding="utf-8"))
    return bool(before == _stamped(version, seen))


def _keep_version(version: str, seen: Seen) -> None:
    """Write down what was looked at, where DVC does not look: it may move without the rows."""
    with paths.replacing(paths.PULLED_VERSION) as partial:
        partial.write_text(json.dumps(_stamped(version, seen)), encoding="utf-8")


def _stamped(version: str, seen: Seen) -> dict[str, str]:
    digests = json.dumps({name: one.digest for name, one in seen.tables.items()}, sort_keys=True)
    return {"version": version, "digest": digests}

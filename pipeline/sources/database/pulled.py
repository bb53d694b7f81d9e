"""What was read of the database and lies in data/pulled/tables until the next `make pull`.

One parquet file a contract table, with the mapped columns under the contract's names and in the
database's types, sorted by all columns: as long as the database says the same, so do the bytes.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet as pq
from pydantic import ValidationError

from pipeline.foundation.config import DatabaseTable
from pipeline.foundation.contracts.hand_overs.document import Document
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.sources.files.choosing import Filter, filters

RECORD = "pulled.json"


class PulledTable(Document):
    """One table: what was asked for, and what came."""

    asked: str
    """The table's name or the query."""
    columns: dict[str, str]
    """Contract column → the database's, as the mapping says; empty: all of the contract's names."""
    filters: tuple[Filter, ...] = ()
    """`where` and `drop` as they were applied, columns as the database spells them."""
    notes: tuple[str, ...] = ()
    """What is to be said of the rows that they cost."""
    rows: int
    digest: str
    """Of the parquet file, SHA-256."""


class Pulled(Document):
    """All tables of one reading."""

    digest: str
    """Of everything that was read."""
    tables: dict[str, PulledTable]


def digest_of(tables: Mapping[str, PulledTable]) -> str:
    """Return the digest of a reading: another one if a value of any table differs."""
    lines = [f"{name} {table.digest}" for name, table in sorted(tables.items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_record(folder: Path) -> Pulled | None:
    """Return what the last reading wrote down; nothing if there was none or it is not whole."""
    try:
        record = Pulled.model_validate_json((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None
    is_whole = all(
        (folder / f"{name}.parquet").is_file()
        and pq.read_metadata(folder / f"{name}.parquet").num_rows == table.rows
        for name, table in record.tables.items()
    )
    return record if is_whole else None


def read_record(folder: Path, mappings: Mapping[str, DatabaseTable]) -> Pulled:
    """Return the last reading, if it is one of what the parameters ask for.

    Raises:
        DataError: nothing was read yet, or other tables, queries or columns.
    """
    record = find_record(folder)
    if record is None:
        raise DataError(
            f"the tables of your database in {folder}",
            "none",
            "Read them with `make pull`; `make repro` does so before it runs the stages.",
        )
    others = others_than(record, mappings)
    if others:
        raise DataError(
            f"in {folder} the tables, queries and columns that source.database asks for",
            f"others for {', '.join(others)}",
            "Read them again with `make pull`.",
        )
    return record


def check_tables(mappings: Mapping[str, DatabaseTable]) -> None:
    """Refuse parameters that name no table.

    Raises:
        ConfigurationError: nothing to read.
    """
    if not mappings:
        raise ConfigurationError(
            "your tables in source.database.tables",
            "none",
            "Name a table or a query for customers, products and product_events at least; see "
            "docs/databases.md.",
        )


def others_than(record: Pulled, mappings: Mapping[str, DatabaseTable]) -> list[str]:
    """Return the contract tables for which the last reading is not of what the mappings ask for."""
    return sorted(record.tables.keys() ^ mappings.keys()) or [
        name
        for name, mapping in sorted(mappings.items())
        if not _is_of(record.tables[name], mapping)
    ]


def _is_of(table: PulledTable, mapping: DatabaseTable) -> bool:
    """Tell whether a table was read from where a mapping says, and the columns that it maps."""
    return (
        table.asked == asked_of(mapping)
        and table.columns == mapping.columns
        and table.filters == filters(mapping)
    )


def asked_of(mapping: DatabaseTable) -> str:
    """Return what a mapping asks the database for, as the record keeps it."""
    return mapping.table or mapping.sql or ""

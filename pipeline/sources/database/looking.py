"""Looking into a database before anything is mapped: its tables, and the first rows of one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pyarrow as pa
from ibis.backends import BaseBackend

from pipeline.sources.database.connection import connect
from pipeline.sources.database.pulling import open_reader, quoted_table
from pipeline.sources.database.reader import Reader

OUR_OWN = "propensity_"
"""What `make write-back` makes is no table of the company's."""
_SYSTEM = ("information_schema", "pg_catalog", "pg_toast")


@contextmanager
def own_tables(variable: str) -> Iterator[tuple[Reader, Mapping[str, str]]]:
    """Connect; give the reader, and by name of each table or view what may stand behind FROM.

    Those of PostgreSQL's other schemas are named with theirs.

    Raises:
        ConfigurationError: the variable is not set, or its engine is unknown or not installed.
        DataError: the database refuses something.
    """
    with connect(variable) as connection:
        names = [name for name in _names(connection) if OUR_OWN not in name]
        with open_reader(connection) as reader:
            yield reader, {name: quoted_table(name, connection) for name in names}


def first_rows(reader: Reader, source: str, count: int) -> pa.Table:
    """Return rows of a table until there are enough, under the database's own names."""
    names = reader.columns(source)
    rows = reader.rows(source, {name: name for name in names})
    batches, found = [], 0
    for batch in rows.batches:
        batches.append(batch)
        found += batch.num_rows
        if found >= count:
            break
    return pa.Table.from_batches(batches, rows.schema).slice(0, count)


def _names(connection: BaseBackend) -> list[str]:
    names = list(connection.list_tables())
    if connection.name != "postgres":
        return names
    current = connection.current_database
    others = {*connection.list_databases()} - {current, *_SYSTEM}
    return names + [
        f"{schema}.{name}"
        for schema in others
        if not schema.startswith("pg_")
        for name in connection.list_tables(database=schema)
    ]

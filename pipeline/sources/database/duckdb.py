"""DuckDB: one transaction, and batches that are Arrow's from the start.

Ibis 12 asks DuckDB 2 for a query's types by a method that it no longer has.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from ibis.backends import BaseBackend

from pipeline.sources.database.any_engine import plain, plain_schema
from pipeline.sources.database.postgres import quoted
from pipeline.sources.database.reader import BATCH_ROWS, Rows


@contextmanager
def open_reader(connection: BaseBackend) -> Iterator["DuckDBReader"]:
    """Begin a transaction, which sees the database as it is at its first question."""
    session = connection.con
    session.execute("SET TimeZone = 'UTC'")
    session.execute("BEGIN")
    try:
        yield DuckDBReader(session)
    finally:
        session.execute("ROLLBACK")


class DuckDBReader:
    """Reads by DuckDB itself."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def columns(self, source: str) -> list[str]:
        """Return the names of the columns."""
        return list(self._session.sql(f"SELECT * FROM {source}").columns)  # noqa: S608 - the user's own tables

    def rows(self, source: str, columns: Mapping[str, str]) -> Rows:
        """Read columns a batch at a time."""
        chosen = ", ".join(f"{quoted(own)} AS {quoted(name)}" for name, own in columns.items())
        query = f"SELECT {chosen} FROM {source}"  # noqa: S608 - as above
        batches: pa.RecordBatchReader = self._session.sql(query).to_arrow_reader(BATCH_ROWS)
        schema = plain_schema(batches.schema)
        return Rows(schema, (plain(batch, schema) for batch in batches))

    def answer(self, query: str) -> str:
        """Return the rows of a short query as text."""
        return str(self._session.execute(query).fetchall())

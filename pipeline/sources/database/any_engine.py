"""Every other engine that Ibis reads, by its own batches: MySQL, SQL Server, Snowflake, BigQuery and so on.

Each table is read as it is at its own moment: there is no transaction that all engines share.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pyarrow as pa
from ibis.backends import BaseBackend

from pipeline.foundation.contracts.reading import is_readable
from pipeline.sources.database.reader import BATCH_ROWS, Rows
from pipeline.sources.database.values import ANY_DECIMAL, arrow_array


@contextmanager
def open_reader(connection: BaseBackend) -> Iterator["IbisReader"]:
    """Read by Ibis."""
    yield IbisReader(connection)


class IbisReader:
    """Reads by Ibis."""

    def __init__(self, connection: BaseBackend) -> None:
        self._connection = connection

    def columns(self, source: str) -> list[str]:
        """Return the names of the columns."""
        return list(self._connection.sql(f"SELECT * FROM {source}").columns)  # noqa: S608 - the user's own tables

    def rows(self, source: str, columns: Mapping[str, str]) -> Rows:
        """Read columns a batch at a time."""
        everything = self._connection.sql(f"SELECT * FROM {source}")  # noqa: S608 - as above
        chosen = everything.select(**{name: everything[own] for name, own in columns.items()})
        schema = plain_schema(chosen.schema().to_pyarrow())
        batches = self._connection.to_pyarrow_batches(chosen, chunk_size=BATCH_ROWS)
        return Rows(schema, (plain(batch, schema) for batch in batches))

    def answer(self, query: str) -> str:
        """Return the rows of a short query as text."""
        return str(self._connection.sql(query).to_pyarrow().to_pylist())


def plain_schema(given: pa.Schema) -> pa.Schema:
    """Return the types that values of an engine's types are kept in."""
    return pa.schema([(field.name, _plain_type(field.type)) for field in given])


def plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return a batch in those types: text of what no contract type can be read from."""
    arrays = [
        column.cast(field.type)
        if _plain_type(column.type) == column.type
        else arrow_array(column.to_pylist(), field.type)
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _plain_type(type_: pa.DataType) -> pa.DataType:
    if pa.types.is_decimal256(type_):
        return ANY_DECIMAL
    if pa.types.is_time(type_) or pa.types.is_duration(type_) or not is_readable(type_):
        return pa.string()
    return type_

"""PostgreSQL: one read-only transaction, whose tables are of one moment, by a cursor of the server.

Ibis' own conversion fails on numerics without a precision and on uuids, and asks queries for their
types by a temporary view, which a read replica refuses; the cursor's description needs neither.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from ibis.backends import BaseBackend

from pipeline.sources.database.reader import BATCH_ROWS, Rows
from pipeline.sources.database.values import ANY_DECIMAL, record_batch

log = logging.getLogger(__name__)

# https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
_NUMERIC = 1700
_TYPES = {
    16: pa.bool_(),
    20: pa.int64(),
    21: pa.int64(),
    23: pa.int64(),
    700: pa.float64(),
    701: pa.float64(),
    1082: pa.date32(),
    1114: pa.timestamp("us"),
    1184: pa.timestamp("us", "UTC"),
}
_TEMPORAL = (1082, 1114, 1184)
_REPEATABLE_READ = 3  # psycopg.IsolationLevel, which is an IntEnum
# The days that Python knows; PostgreSQL also has years before Christ, and infinity.
_IS_KNOWN = "({name} >= '0001-01-01' AND {name} < '10000-01-01')"


@contextmanager
def open_reader(connection: BaseBackend) -> Iterator["PostgresReader"]:
    """Begin a transaction that sees the database as it is now, and changes nothing."""
    session = connection.con
    session.isolation_level = _REPEATABLE_READ
    session.read_only = True
    with session.transaction():
        yield PostgresReader(session)


class PostgresReader:
    """Reads by psycopg, which parses each value by its type."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def columns(self, source: str) -> list[str]:
        """Return the names of the columns."""
        return [column.name for column in self._describe(source)]

    def rows(self, source: str, columns: Mapping[str, str]) -> Rows:
        """Read columns by a cursor of the server, a batch at a time."""
        described = {column.name: column for column in self._describe(source)}
        schema = pa.schema([(name, _arrow_type(described[own])) for name, own in columns.items()])
        temporal = [own for own in columns.values() if described[own].type_code in _TEMPORAL]
        self._warn_of_unknown_days(source, temporal)
        chosen = [
            f"CASE WHEN {_is_known(own)} THEN {quoted(own)} END" if own in temporal else quoted(own)
            for own in columns.values()
        ]
        return Rows(schema, self._batches(f"SELECT {', '.join(chosen)} FROM {source}", schema))  # noqa: S608 - the user's own tables

    def answer(self, query: str) -> str:
        """Return the rows of a short query as text."""
        return str(self._session.execute(query).fetchall())

    def _describe(self, source: str) -> list[Any]:
        return list(self._session.execute(f"SELECT * FROM {source} LIMIT 0").description)  # noqa: S608 - as above

    def _batches(self, query: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with self._session.cursor(name="propensity_pull") as cursor:
            cursor.execute(query)
            while rows := cursor.fetchmany(BATCH_ROWS):
                yield record_batch(rows, schema)

    def _warn_of_unknown_days(self, source: str, temporal: list[str]) -> None:
        for name in temporal:
            query = f"SELECT count(*) FROM {source} WHERE NOT {_is_known(name)}"  # noqa: S608 - as above
            ((count,),) = self._session.execute(query).fetchall()
            if count:
                log.warning(
                    "%s: %s values are infinite or before the year 1, and read as empty",
                    name,
                    f"{count:,}",
                )


def quoted(name: str) -> str:
    """Return a name as the database has it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _is_known(name: str) -> str:
    return _IS_KNOWN.format(name=quoted(name))


def _arrow_type(column: Any) -> pa.DataType:
    if column.type_code != _NUMERIC:
        return _TYPES.get(column.type_code, pa.string())
    is_declared = column.precision and column.precision <= 38 and 0 <= column.scale <= 38
    return pa.decimal128(column.precision, column.scale) if is_declared else ANY_DECIMAL

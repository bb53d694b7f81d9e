"""SQLite, which types values and not columns: each column is read as what its values are.

Dates, times and, mostly, amounts are text there, and are read by the mapping's formats. Ibis' own
conversion loads whole tables and fails on a value that is not of its column's declared type.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from sqlite3 import Connection

import pyarrow as pa
from ibis.backends import BaseBackend

from pipeline.sources.database.reader import BATCH_ROWS, Rows
from pipeline.sources.database.values import record_batch

_LARGEST_EXACT_FLOAT = 2**53


@contextmanager
def open_reader(connection: BaseBackend) -> Iterator["SQLiteReader"]:
    """Begin a transaction, which sees the database as it is at its first question."""
    session: Connection = connection.con
    session.execute("BEGIN")
    try:
        yield SQLiteReader(session)
    finally:
        session.rollback()


class SQLiteReader:
    """Reads by the driver that Python has of its own."""

    def __init__(self, session: Connection) -> None:
        self._session = session

    def columns(self, source: str) -> list[str]:
        """Return the names of the columns."""
        return [name for name, *_ in self._session.execute(f"SELECT * FROM {source}").description]  # noqa: S608 - the user's own tables

    def rows(self, source: str, columns: Mapping[str, str]) -> Rows:
        """Read columns a batch at a time."""
        schema = pa.schema([(name, self._type(source, own)) for name, own in columns.items()])
        chosen = ", ".join(map(quoted, columns.values()))
        return Rows(schema, self._batches(f"SELECT {chosen} FROM {source}", schema))  # noqa: S608 - as above

    def answer(self, query: str) -> str:
        """Return the rows of a short query as text."""
        return str(self._session.execute(query).fetchall())

    def _type(self, source: str, column: str) -> pa.DataType:
        """Return the type that holds all values of a column as they are; text if there is no other."""
        name = quoted(column)
        found = f"SELECT DISTINCT typeof({name}) FROM {source}"  # noqa: S608 - as above
        types = {type_ for (type_,) in self._session.execute(found)} - {"null"}
        if types == {"integer"}:
            return pa.int64()
        if types not in ({"real"}, {"integer", "real"}):
            return pa.string()
        largest = f"SELECT max(abs({name})) FROM {source} WHERE typeof({name}) = 'integer'"  # noqa: S608 - as above
        ((most,),) = self._session.execute(largest)
        return pa.string() if most and most > _LARGEST_EXACT_FLOAT else pa.float64()

    def _batches(self, query: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with closing(self._session.execute(query)) as cursor:
            while rows := cursor.fetchmany(BATCH_ROWS):
                yield record_batch(rows, schema)


def quoted(name: str) -> str:
    """Return a name as the database has it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'

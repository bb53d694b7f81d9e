"""Results into tables of a database: a wave whole or not at all, and once however often it is written.

Ibis is for reading; SQLAlchemy writes, in one transaction on every engine that has them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import NoSuchModuleError

from pipeline.foundation.addresses import asking, read_address
from pipeline.foundation.config import ResultsParams
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.io.result_tables import ResultTable
from pipeline.sources.database.connection import engine_of, file_of

PREFIX = "propensity_"
BATCH_ROWS = 10_000
_KEY_LENGTH = 128  # of four keys, an index of MySQL holds no more
_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
_PACKAGES = {
    "bigquery": "sqlalchemy-bigquery",
    "clickhouse": "clickhouse-sqlalchemy",
    "databricks": "databricks-sqlalchemy",
    "duckdb": "duckdb-engine",
    "mssql": "pyodbc",
    "mysql": "mysqlclient",
    "oracle": "cx_Oracle",
    "postgres": "psycopg[binary]",
    "postgresql": "psycopg[binary]",
    "snowflake": "snowflake-sqlalchemy",
    "trino": "trino[sqlalchemy]",
}


def write_results(tables: Sequence[ResultTable], params: ResultsParams) -> None:
    """Write one wave's tables; its rows of an earlier time go in the same transaction.

    Tables and views are made where there are none, before it: not every engine can take them back.

    Raises:
        ConfigurationError: no address, or no driver for it.
        DataError: the database refuses something, or has a table with other columns.
    """
    address = read_address(params.url_variable)
    metadata = sa.MetaData(schema=params.table_schema)
    made = {table.name: _declare(table, metadata) for table in tables}
    with asking(params.url_variable, address), _open(address, params.url_variable) as engine:
        with engine.begin() as connection:
            metadata.create_all(connection)
        with engine.begin() as connection:
            _check_columns(connection, made)
            _create_views(connection, made)
        with engine.begin() as connection:
            for table in tables:
                _replace(connection, made[table.name], table.rows)


def erase_results(customer_ids: Collection[str], params: ResultsParams) -> dict[str, int]:
    """Delete every row of these customers, of all waves; return the rows by table, where any were.

    Raises:
        ConfigurationError: no address, or no driver for it.
        DataError: the database refuses something.
    """
    address = read_address(params.url_variable)
    with asking(params.url_variable, address), _open(address, params.url_variable) as engine:
        inspector = sa.inspect(engine)
        names = [
            name
            for name in inspector.get_table_names(params.table_schema)
            if name.startswith(PREFIX)
        ]
        metadata = sa.MetaData(schema=params.table_schema)
        metadata.reflect(engine, only=names)
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite":  # it leaves what it deletes in the file
                connection.execute(sa.text("PRAGMA secure_delete = ON"))
            rows = {
                table.name: _erase(connection, table, sorted(customer_ids))
                for table in metadata.sorted_tables
                if "customer_id" in table.c
            }
    return {name: count for name, count in rows.items() if count}


def _erase(connection: sa.Connection, table: sa.Table, customer_ids: Sequence[str]) -> int:
    is_theirs = table.c.customer_id.in_(customer_ids)
    counted = sa.select(sa.func.count()).select_from(table).where(is_theirs)
    rows = int(connection.execute(counted).scalar_one())
    connection.execute(sa.delete(table).where(is_theirs))
    return rows


@contextmanager
def _open(address: str, variable: str) -> Iterator[sa.Engine]:
    name = engine_of(address, variable)
    try:
        engine = sa.create_engine(_url(address, name))
    except (ImportError, NoSuchModuleError):
        raise ConfigurationError(
            f"the driver by which SQLAlchemy writes to {name}, which {variable} asks for",
            "no such package",
            f'Install it with `pip install "{_PACKAGES.get(name, name)}"`.',
        ) from None
    try:
        yield engine
    finally:
        engine.dispose()


def _url(address: str, name: str) -> sa.URL:
    """Return the address as SQLAlchemy reads it; a driver that it names itself stays."""
    if name in ("sqlite", "duckdb"):
        return sa.URL.create(name, database=str(file_of(address)))
    scheme, _, rest = address.partition("://")
    return sa.make_url(f"{scheme if '+' in scheme else _DRIVERS.get(name, name)}://{rest}")


def _declare(table: ResultTable, metadata: sa.MetaData) -> sa.Table:
    keys = ("wave", *table.keys)
    columns = [
        sa.Column(field.name, _type(field, keys), primary_key=field.name in keys)
        for field in table.rows.schema
    ]
    return sa.Table(f"{PREFIX}{table.name}", metadata, *columns)


def _type(field: pa.Field, keys: Sequence[str]) -> sa.types.TypeEngine[Any]:
    types = pa.types
    if types.is_boolean(field.type):
        return sa.Boolean()
    if types.is_integer(field.type):
        return sa.BigInteger()
    if types.is_floating(field.type):
        return sa.Double()
    if types.is_date(field.type):
        return sa.Date()
    return sa.String(_KEY_LENGTH) if field.name in keys else sa.Text()


def _check_columns(connection: sa.Connection, made: Mapping[str, sa.Table]) -> None:
    """Refuse tables that an older version of the project made with other columns."""
    inspector = sa.inspect(connection)
    for table in made.values():
        found = {column["name"] for column in inspector.get_columns(table.name, table.schema)}
        missing = sorted({column.name for column in table.columns} - found)
        if missing:
            raise DataError(
                f"in the table {table.fullname} of your database the columns of this version",
                f"none called {', '.join(missing)}",
                "Add them, or rename the table: it is then made anew.",
            )


def _create_views(connection: sa.Connection, made: Mapping[str, sa.Table]) -> None:
    """Give every table a view of its latest wave; the day of the decisions says which it is."""
    decisions = made["decisions"]
    latest = sa.select(sa.func.max(decisions.c.as_of_date)).scalar_subquery()
    inspector = sa.inspect(connection)
    prepare = connection.dialect.identifier_preparer
    for table in made.values():
        name = f"{table.name}_latest"
        if name in inspector.get_view_names(table.schema):
            continue
        query = sa.select(table).where(table.c.as_of_date == latest)
        text = query.compile(connection, compile_kwargs={"literal_binds": True})
        place = f"{prepare.quote_schema(table.schema)}." if table.schema else ""
        connection.execute(sa.text(f"CREATE VIEW {place}{prepare.quote(name)} AS {text}"))


def _replace(connection: sa.Connection, table: sa.Table, rows: pa.Table) -> None:
    """Take out the wave's rows, and put these in."""
    waves = rows["wave"].unique().to_pylist()
    connection.execute(sa.delete(table).where(table.c.wave.in_(waves)))
    if connection.dialect.driver == "psycopg":
        _copy(connection, table, rows)
        return
    for batch in rows.to_batches(BATCH_ROWS):
        if batch.num_rows:
            connection.execute(sa.insert(table), batch.to_pylist())


def _copy(connection: sa.Connection, table: sa.Table, rows: pa.Table) -> None:
    """Put rows in by PostgreSQL's COPY, in the same transaction: it spares a statement for each."""
    prepare = connection.dialect.identifier_preparer
    names = ", ".join(prepare.quote(name) for name in rows.column_names)
    statement = f"COPY {prepare.format_table(table)} ({names}) FROM STDIN"
    cursor: Any = connection.connection.cursor()
    with cursor.copy(statement) as copy:
        for batch in rows.to_batches(BATCH_ROWS):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                copy.write_row(row)

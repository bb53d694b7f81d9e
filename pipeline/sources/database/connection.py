"""A connection by Ibis, by the URL that the environment holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import ibis
from ibis.backends import BaseBackend

from pipeline.foundation.addresses import asking, read_address
from pipeline.foundation.errors import ConfigurationError, DataError, known

# The schemes of a URL, and the extra of ibis-framework that brings the driver.
ENGINES = {
    "bigquery": "bigquery",
    "clickhouse": "clickhouse",
    "databricks": "databricks",
    "duckdb": "duckdb",
    "mssql": "mssql",
    "mysql": "mysql",
    "oracle": "oracle",
    "postgres": "postgres",
    "postgresql": "postgres",
    "snowflake": "snowflake",
    "sqlite": "sqlite",
    "trino": "trino",
}
SPELLINGS = {"mariadb": "mysql", "sqlserver": "mssql"}
FILES = ("duckdb", "sqlite")


@contextmanager
def connect(variable: str) -> Iterator[BaseBackend]:
    """Connect to the database whose URL an environment variable holds, and close it when done.

    Raises:
        ConfigurationError: the variable is not set, or its engine is unknown or not installed.
        DataError: the database refuses something; the message holds nothing secret.
    """
    address = read_address(variable)
    with asking(variable, address):
        connection = _open(address, variable)
        try:
            yield connection
        finally:
            connection.disconnect()


def engine_of(address: str, variable: str) -> str:
    """Return the engine's name by the scheme of a URL; a driver's name after + says nothing.

    Raises:
        ConfigurationError: no engine of that name.
    """
    scheme = urlsplit(address).scheme.partition("+")[0]
    scheme = SPELLINGS.get(scheme, scheme)
    if scheme not in ENGINES:
        raise ConfigurationError(
            f"in {variable} the URL of {known(ENGINES)}", repr(scheme), "Correct the variable."
        )
    return scheme


def file_of(address: str) -> Path:
    """Return the file of a SQLite or DuckDB database.

    Three slashes are a path in the project's folder and four one from the root, as SQLAlchemy has
    it; Ibis takes three for one from the root, and where only that file exists it is meant.

    Raises:
        DataError: no such file: connecting would create an empty database.
    """
    parts = urlsplit(address)
    written = unquote(parts.netloc + parts.path)
    relative = Path(written.removeprefix("/"))
    found = next((path for path in (relative, Path(written)) if path.is_file()), None)
    if found is None:
        raise DataError(
            f"a database in the file {relative}",
            "no such file",
            "Correct the URL: three slashes and a path in this folder, or four and one from the root.",
        )
    return found


def _open(address: str, variable: str) -> BaseBackend:
    engine = engine_of(address, variable)
    try:
        if engine == "sqlite":
            return ibis.sqlite.connect(file_of(address))
        if engine == "duckdb":
            return ibis.duckdb.connect(file_of(address), read_only=True)
        return ibis.connect(f"{engine}://{address.partition('://')[2]}")
    except ImportError as error:
        extra = ENGINES[engine]
        raise ConfigurationError(
            f"the driver of {engine}, which {variable} asks for",
            f"no package {error.name or extra}",
            f'Install it with `pip install "ibis-framework[{extra}]==12.0.0" sqlglot==30.10.0`; '
            "the locks hold those of SQLite and, for the tests, of PostgreSQL.",
        ) from None

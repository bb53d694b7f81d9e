"""Where marks of people stand: every file of a project, by another way than `make erase` looks.

Parquet is decoded, gzip, zip and xlsx are opened, SQLite is asked table by table; everything else is
searched as bytes.
"""

import gzip
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[2]
DATA_MAP = ROOT / "docs/security.md"
CACHE = ".dvc/cache"
_NO_DATA = {".git", ".venv", "__pycache__", "pipeline", "tests", "docs", "benchmarks"}
_PLACE = re.compile(r"`([^`]+)`")


def places(project: Path, marks: re.Pattern[str]) -> dict[str, set[str]]:
    """Return by mark where it stands: `data/raw`, `mlruns`, `dvc.lock`, `.dvc/cache`, ..."""
    found: dict[str, set[str]] = {}
    for path in sorted(project.rglob("*")):
        parts = path.relative_to(project).parts
        if path.is_file() and not _NO_DATA & set(parts):
            for text in texts(path.read_bytes()):
                for mark in set(marks.findall(text)):
                    found.setdefault(mark, set()).add(_place(parts))
    return found


def texts(content: bytes) -> Iterator[str]:
    """Return all that a file says, whatever kind of file it is."""
    if content.startswith(b"PAR1"):
        yield from _cells(pq.read_table(io.BytesIO(content)))
        return
    yield content.decode("utf-8", errors="replace")
    if b"\0" in content:
        yield content.decode("utf-16-le", errors="ignore")
    if content.startswith(b"\x1f\x8b"):
        yield from texts(gzip.decompress(content))
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from texts(archive.read(name))
    elif content.startswith(b"SQLite format 3"):
        yield from _rows(content)


def allowed_places() -> set[str]:
    """Return the places at which the data map of docs/security.md has contact details."""
    rows = [
        line.split("|")[1:-1]
        for line in DATA_MAP.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    told = {
        place.rstrip("/"): row[2].strip()
        for row in rows
        if len(row) == len(("place", "holds", "contact details", "kept until"))
        for place in _PLACE.findall(row[0])
    }
    assert len(told) > len({*told.values()}) > 1, "the data map has lost its places"
    return {place for place, details in told.items() if details != "no"}


def _place(parts: tuple[str, ...]) -> str:
    return "/".join(parts[: 2 if parts[0] in {"data", ".dvc"} else 1])


def _cells(table: pa.Table) -> Iterator[str]:
    """Return the different values of each column that may hold a text or an id."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        types, kind = pa.types, column.type
        if types.is_floating(kind) or types.is_temporal(kind) or types.is_boolean(kind):
            continue
        values = column if types.is_nested(kind) else pc.unique(column)
        yield "\n".join((name, *(_as_text(value) for value in values.to_pylist())))
    yield str(table.schema.metadata)


def _as_text(value: object) -> str:
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)


def _rows(content: bytes) -> Iterator[str]:
    alone = content[:18] + b"\1\1" + content[20:]  # not in WAL mode, which memory cannot be in
    with sqlite3.connect(":memory:") as store:
        store.deserialize(alone)
        names = store.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in names:
            rows = store.execute(f'select * from "{name}"')  # noqa: S608 - a table's own name
            yield "\n".join(str(row) for row in rows)

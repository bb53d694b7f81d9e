"""What is asked of a database, whichever it is: columns, and rows in batches with their types."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

BATCH_ROWS = 50_000


@dataclass(frozen=True)
class Rows:
    """Rows on their way, in no order."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


class Reader(Protocol):
    """Reads one state of a database; `source` is what may stand behind FROM."""

    def columns(self, source: str) -> list[str]:
        """Return the names of the columns, as the database spells them."""

    def rows(self, source: str, columns: Mapping[str, str]) -> Rows:
        """Read columns; `columns` says which own name becomes which."""

    def answer(self, query: str) -> str:
        """Return the rows of a short query as text."""

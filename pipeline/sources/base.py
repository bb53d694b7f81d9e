"""What a source hands over."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from pipeline.foundation.stored_tables import Manifest

BATCH_ROWS = 100_000
"""Of a table that is not in memory whole."""


@dataclass(frozen=True)
class BatchedTable:
    """A raw table that is never in memory whole."""

    schema: pa.Schema
    num_rows: int
    batches: Callable[[], Iterator[pa.Table]]
    """Return the rows, in order and from the first one on each time."""

    @classmethod
    def of(cls, rows: pa.Table) -> "BatchedTable":
        """Return a table that is in memory as if it were not."""
        return cls(rows.schema, rows.num_rows, lambda: iter([rows] if rows.num_rows else []))

    def whole(self) -> pa.Table:
        """Return all rows at once."""
        return pa.concat_tables([self.schema.empty_table(), *self.batches()])


@dataclass(frozen=True)
class Piece:
    """Some rows of one table; those of its other pieces come before or after them."""

    name: str
    rows: pa.Table
    is_truth: bool = False
    """Whether the table is one of `RawData.truth` rather than of the contract."""


@dataclass(frozen=True)
class RawData:
    """The raw tables of one source and what is to be said of where they come from."""

    tables: Mapping[str, pa.Table]
    """By contract name, each with the `raw_schema` of its contract; absent tables have no entry."""
    statement: str
    """Where the data come from, in a sentence that the log and the report print as it stands."""
    truth: Mapping[str, pa.Table] = field(default_factory=dict)
    """What is known because the source made the data, by name; empty for all others.

    `propensities`: model, as_of_date, customer_id, category, propensity. `effects`: the same keys
    on the scoring date, the propensity without a contact, and for each channel by how much one
    contact changes it.
    """
    batched: Mapping[str, BatchedTable] = field(default_factory=dict)
    """Further raw tables by contract name, of a source that need not hold them in memory."""
    stored: Mapping[str, Manifest] = field(default_factory=dict)
    """Further raw tables by contract name that stay where they are: `validate` reads them there."""
    streamed: Iterable[Piece] | None = None
    """In place of all of these, their rows as the source makes them, to be gone through once."""

    def pieces(self) -> Iterator[Piece]:
        """Return all rows of all tables, table by table but for those that are streamed."""
        yield from self.streamed or ()
        for name, rows in self.tables.items():
            yield Piece(name, rows)
        for name, table in self.batched.items():
            yield from (Piece(name, rows) for rows in table.batches())
        for name, rows in self.truth.items():
            yield Piece(name, rows, is_truth=True)

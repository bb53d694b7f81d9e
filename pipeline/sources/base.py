"""What a source hands over."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True)
class BatchedTable:
    """A raw table that is never in memory whole."""

    schema: pa.Schema
    num_rows: int
    batches: Callable[[], Iterator[pa.Table]]
    """Return the rows, in order and from the first one on each time."""


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

    @property
    def rows(self) -> dict[str, int]:
        """Return the number of rows by table."""
        both: dict[str, pa.Table | BatchedTable] = {**self.tables, **self.batched}
        return {name: both[name].num_rows for name in sorted(both)}

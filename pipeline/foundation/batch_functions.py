"""Functions of batches of rows, and sorted rows handed to one in batches that no group is cut by.

Rows of four customers, handed over as soon as two are held:

    come:    a a b | b b c | d
    handed:  a a   | b b b | c | d
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

BatchFunction = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]
"""From the batches of a task's rows, one after another, to batches of other rows."""
ROWS = 50_000


@dataclass(frozen=True)
class WholeGroups:
    """A function for the batches of a task whose rows come sorted by a key; it can be pickled."""

    function: BatchFunction
    key: str
    rows: int = ROWS
    """From which on a batch is handed over, without its last group, which may go on."""

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Apply the function to the same rows in other batches."""
        return self.function(self._regroup(batches))

    def _regroup(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        held: list[pa.RecordBatch] = []
        for batch in batches:
            held.append(batch)
            if sum(map(len, held)) >= self.rows:
                whole = _join(held)
                start = _last_group(whole.column(self.key))
                if start:
                    yield whole.slice(0, start)
                held = [whole.slice(start)]
        if sum(map(len, held)):
            yield _join(held)


def _join(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.concat_batches(batches)


def _last_group(keys: pa.Array) -> int:
    """Return where the rows begin that have the last row's key."""
    return int(pc.index(keys, keys[-1]).as_py())

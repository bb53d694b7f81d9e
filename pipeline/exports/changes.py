"""Only what has changed, for a target that bills every value and keeps what an empty cell meets.

What such a target holds follows from what was handed over and sealed, wave after wave. A value that
it holds is left empty; a customer of whom it holds every value is left out.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.profile import File


@dataclass(frozen=True)
class Changes:
    """What was not handed over, and what the target holds afterwards."""

    left_out: int
    """Rows of which the target holds every value."""
    held: pa.Table
    """The id and every other column of the file by its source, sorted by id."""
    counts: Mapping[str, int]
    """For the manifest."""


class ChangeFilter:
    """Leaves out of a file's rows, some at a time, what its target holds."""

    def __init__(self, file: File, held: pa.Table | None) -> None:
        """Say what is held.

        Args:
            file: its columns, one of them an id.
            held: what the hand-overs before left there, by id; None: nothing.
        """
        (self._key,) = (column.source for column in file.columns if column.is_id)
        self._names = [column.source for column in file.columns if not column.is_id]
        self._before = held
        self._is_seen = np.zeros(0 if held is None else len(held), dtype=bool)
        self._held: list[pa.Table] = []
        self._counts = Counter(unchanged_values=0, values_it_cannot_empty=0)
        self._left_out = 0

    def keep(self, rows: pa.Table) -> pa.Table:
        """Return the rows that hold a change, without the values that are held.

        Args:
            rows: what the file would hand over; each id once, in all calls together.
        """
        held = _completed(self._before, rows.select([self._key, *self._names]).schema)
        place = pc.index_in(rows[self._key], value_set=held[self._key].combine_chunks())
        self._is_seen[np.asarray(place.drop_null())] = True
        is_changed, now = pc.is_null(place), {self._key: rows[self._key]}
        for name in self._names:
            values, before = rows[name], held[name].take(place)
            is_held = pc.fill_null(pc.equal(values, before), fill_value=False)
            is_changed = pc.or_(is_changed, pc.and_not(pc.is_valid(values), is_held))
            emptied = pc.and_(pc.is_null(values), pc.is_valid(before))
            self._counts["unchanged_values"] += _count(is_held)
            self._counts["values_it_cannot_empty"] += _count(emptied)
            changed = pc.if_else(is_held, pa.scalar(None, values.type), values)
            rows = rows.set_column(rows.column_names.index(name), name, changed)
            now[name] = pc.coalesce(values, before)
        self._held.append(pa.table(now, schema=held.schema))
        kept = rows.filter(is_changed)
        self._left_out += len(rows) - len(kept)
        return kept

    def finish(self) -> Changes:
        """Return what is held after the rows of all calls, of which there was one at least."""
        others = _completed(self._before, self._held[0].schema).filter(pa.array(~self._is_seen))
        return Changes(
            self._left_out,
            pa.concat_tables([*self._held, others]).sort_by(self._key),
            {**self._counts, "customers_who_keep_an_earlier_offer": len(others)},
        )


def _completed(held: pa.Table | None, schema: pa.Schema) -> pa.Table:
    """Return what is held in the columns and types of today's file; a new column holds nothing."""
    if held is None:
        return schema.empty_table()
    columns = [
        held[field.name].cast(field.type)
        if field.name in held.column_names
        else pa.nulls(len(held), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _count(mask: pa.ChunkedArray) -> int:
    return int(pc.sum(mask).as_py() or 0)

"""Only what has changed, for a target that bills every value and keeps what an empty cell meets.

What such a target holds follows from what was handed over and sealed, wave after wave. A value that
it holds is left empty; a customer of whom it holds every value is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.profile import File


@dataclass(frozen=True)
class Changes:
    """What there is to hand over, and what the target holds afterwards."""

    rows: pa.Table
    left_out: int
    """Rows of which the target holds every value."""
    held: pa.Table
    """The id and every other column of the file by its source, sorted by id."""
    counts: Mapping[str, int]
    """For the manifest."""


def keep_changes(rows: pa.Table, file: File, held: pa.Table | None) -> Changes:
    """Leave out what the target holds.

    Args:
        rows: what the file would hand over; each id once.
        file: its columns, one of them an id.
        held: what the hand-overs before left there; None: nothing.
    """
    (key,) = (column.source for column in file.columns if column.is_id)
    names = [column.source for column in file.columns if not column.is_id]
    held = _completed(held, rows.select([key, *names]).schema)
    place = pc.index_in(rows[key], value_set=held[key].combine_chunks())
    is_changed = pc.is_null(place)
    now, counts = {key: rows[key]}, {"unchanged_values": 0, "values_it_cannot_empty": 0}
    for name in names:
        values, before = rows[name], held[name].take(place)
        is_held = pc.fill_null(pc.equal(values, before), fill_value=False)
        is_changed = pc.or_(is_changed, pc.and_not(pc.is_valid(values), is_held))
        counts["unchanged_values"] += _count(is_held)
        counts["values_it_cannot_empty"] += _count(pc.and_(pc.is_null(values), pc.is_valid(before)))
        changed = pc.if_else(is_held, pa.scalar(None, values.type), values)
        rows = rows.set_column(rows.column_names.index(name), name, changed)
        now[name] = pc.coalesce(values, before)
    others = held.filter(pc.invert(pc.is_in(held[key], value_set=rows[key].combine_chunks())))
    kept = rows.filter(is_changed)
    return Changes(
        kept,
        len(rows) - len(kept),
        pa.concat_tables([pa.table(now, schema=held.schema), others]).sort_by(key),
        {**counts, "customers_who_keep_an_earlier_offer": len(others)},
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

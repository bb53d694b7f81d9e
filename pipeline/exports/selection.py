"""Which rows of a source table a file is about; the others are counted, by what they lack."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.contacts import PHONE_COUNTRY
from pipeline.exports.profile import File
from pipeline.foundation.contracts.arms import TREATED

_CHOSEN_BY = {"customer_id", "arm", "is_control", "channel", PHONE_COUNTRY}
"""What rows are known and selected by, whether or not the file tells it."""


@dataclass(frozen=True)
class Selected:
    """The rows a file is about, and how many it is not about."""

    rows: pa.Table
    left_out: Mapping[str, int]


def select(rows: pa.Table, file: File) -> Selected:
    """Return the rows that a file is about, with the columns that it is made of.

    A row is counted at the first thing it lacks.
    """
    rows, left_out = rows.select(_needed(rows, file)), dict[str, int]()

    def keep(reason: str, mask: pa.ChunkedArray) -> None:
        nonlocal rows
        kept = rows.filter(pc.fill_null(mask, fill_value=False))
        left_out[reason] = len(rows) - len(kept)
        rows = kept

    if file.only_sendable:
        keep("not to be contacted", pc.equal(rows["arm"], TREATED))
    if file.without_controls:
        keep("in a control group", pc.invert(rows["is_control"]))
    if file.channels:
        channels = pa.array(file.channels)
        keep("reached on another channel", pc.is_in(rows["channel"], value_set=channels))
    if file.one_of:
        held = pc.is_valid(pc.coalesce(*(rows[name] for name in file.one_of)))
        keep(f"without {' or '.join(file.one_of)}, or without consent to use it", held)
    return Selected(rows, left_out)


def _needed(rows: pa.Table, file: File) -> list[str]:
    """Return the columns that a file is written, chosen and sifted by: the others need no copy."""
    needed = {column.source for column in file.columns} | {*file.one_of, *file.unique, file.prefer}
    return [name for name in rows.column_names if name in needed | _CHOSEN_BY]

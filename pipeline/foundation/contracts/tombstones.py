"""Tombstones: rows of a sealed wave that stand for a customer who was erased since.

Arm, channel, costs and probabilities stay; the id is a random token that leads nowhere, one for each
wave, so that not even the rows of two waves can be told to be of one person.
"""

import secrets

import pyarrow as pa
import pyarrow.compute as pc

_PATTERN = r"^erased-[0-9a-f]{32}$"


def new_tombstone() -> str:
    """Return an id that nobody has and that cannot be traced to anybody."""
    return f"erased-{secrets.token_hex(16)}"


def without_tombstones(rows: pa.Table) -> pa.Table:
    """Return the rows of those who were not erased, by `customer_id`."""
    return rows.filter(pc.invert(is_tombstone(rows["customer_id"])))


def is_tombstone(ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """Say of each id whether it stands for somebody who was erased; of an empty one it does not."""
    return pc.fill_null(pc.match_substring_regex(ids, _PATTERN), fill_value=False)

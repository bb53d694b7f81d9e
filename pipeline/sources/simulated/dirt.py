"""Dirty rows: what real extracts bring along, a fraction of a percent of each kind.

A dirty row is an additional one: a copy of a good row with one thing wrong, put in among the others.
The good rows stay, so what happened, and the truth about it, is untouched once validation has taken
the dirty ones out. Only faults that a rule of the contract can tell are made; a ledger without a
key may repeat itself, so no rows are doubled there.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation.contracts.tables import UNPARSED
from pipeline.sources.simulated.arrays import stream

Defect = Callable[[pa.Table], pa.Table]
_FUTURE = datetime(2099, 12, 31)  # noqa: DTZ001 - moments are UTC without a zone
_LARGEST_SHARE = 0.04
"""A table too small to bear one row of each kind stays clean."""


def put(**values: object) -> Defect:
    """Return a defect that writes the same values into every row; None leaves them empty."""

    def spoil(rows: pa.Table) -> pa.Table:
        for name, value in values.items():
            rows = _replace(rows, name, pa.repeat(pa.scalar(value, _type(rows, name)), len(rows)))
        return rows

    return spoil


def unreadable(column: str, text: str) -> Defect:
    """Return a defect that leaves a value unread, as ingestion keeps it."""

    def spoil(rows: pa.Table) -> pa.Table:
        kept = json.dumps({column: text}, sort_keys=True, ensure_ascii=False)
        return put(**{column: None, UNPARSED: kept})(rows)

    return spoil


def too_early(column: str, reference: str) -> Defect:
    """Return a defect that puts one moment a day before the one it must follow."""

    def spoil(rows: pa.Table) -> pa.Table:
        before = pc.subtract(rows[reference], pa.scalar(timedelta(days=1), pa.duration("us")))
        return _replace(rows, column, before.combine_chunks())

    return spoil


def doubled(rows: pa.Table) -> pa.Table:
    """Leave the rows as they are: they share their key with the rows they were copied from."""
    return rows


# A defect of a ledger's copied row has to cost the row, or the copy would count as an event.
_STRANGER = put(customer_id="C99999999")
DEFECTS: Mapping[str, Sequence[Defect]] = {
    "customers": (
        doubled,
        put(customer_id=None),
        put(email="not an address"),
        put(birth_date=date(1876, 5, 1)),
        put(customer_type="robot"),
        put(household_size=0),
        unreadable("birth_date", "31/02/1980"),
    ),
    "products": (
        doubled,
        put(price=Decimal("-9.90")),
        put(category=None),
    ),
    "product_events": (
        _STRANGER,
        put(product_id="P99999999"),
        put(customer_id=None),
        put(kind="aquired"),
        put(amount=Decimal("-19.90")),
        put(quantity=0),
        put(occurred_at=_FUTURE, known_at=None),
        unreadable("occurred_at", "31/02/2025"),
        put(kind=None),
    ),
    "interactions": (
        _STRANGER,
        put(channel=None),
        put(kind=None),
        put(customer_id=None),
        put(occurred_at=_FUTURE, known_at=None, resolved_at=None),
        unreadable("occurred_at", "yesterday"),
        put(occurred_at=None),
        unreadable("known_at", "soon"),
    ),
    "surveys": (
        doubled,
        _STRANGER,
        put(instrument="nsp"),
        put(score=99.0),
        put(sent_at=None),
        unreadable("answered_at", "2025-13-01 10:00"),
        too_early("answered_at", "sent_at"),
    ),
    "messages": (
        doubled,
        _STRANGER,
        put(channel="fax"),
        put(category="no such category"),
        put(campaign_id=None),
        unreadable("sent_at", "00/00/0000"),
        too_early("opened_at", "sent_at"),
    ),
    "consents": (
        doubled,
        _STRANGER,
        put(granted=None),
        unreadable("changed_at", "soon"),
    ),
}


def soil(table: pa.Table, name: str, share: float, seed: int) -> pa.Table:
    """Return a table with dirty rows among its own.

    Args:
        table: clean.
        name: of the table.
        share: of each kind of defect, in rows of the table.
        seed: of the simulation.
    """
    defects = DEFECTS[name]
    each = _count(table.num_rows, len(defects), share)
    if each == 0:
        return table
    rng = stream(seed, f"dirt {name}")
    parts = [defect(table.take(rng.integers(0, len(table), each))) for defect in defects]
    dirty = pa.concat_tables(parts)
    before = np.sort(rng.integers(0, len(table), len(dirty)))
    order = np.insert(np.arange(len(table)), before, len(table) + rng.permutation(len(dirty)))
    return pa.concat_tables([table, dirty]).take(order)


def _count(rows: int, kinds: int, share: float) -> int:
    """Return how many rows of each kind: one at least, where the table can bear it."""
    if share == 0:
        return 0
    least = 1 if kinds <= _LARGEST_SHARE * rows else 0
    return max(least, round(share * rows))


def _type(rows: pa.Table, name: str) -> pa.DataType:
    return rows.schema.field(name).type


def _replace(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    place = rows.schema.get_field_index(name)
    return rows.set_column(place, rows.schema.field(name), values)

"""A few customers on one day, for rules whose answers are worked out by hand."""

from collections.abc import Mapping, Sequence
from typing import cast

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.foundation.engines import Engine
from pipeline.offers.contact_policy import ContactFacts
from tests.ledger import Rows, seen

DAY = "2026-03-15"
CHANNELS = ("email", "sms")
PRODUCTS: Rows = (
    {"product_id": "tea1", "category": "tea", "tier": 1, "price": "3.00"},
    {"product_id": "tv1", "category": "tv", "tier": 1, "price": "200.00"},
    {"product_id": "tv2", "category": "tv", "tier": 2, "price": "500.00"},
)
LONG_AGO: Rows = (
    {
        "customer_id": "somebody",
        "product_id": "tea1",
        "kind": "acquired",
        "occurred_at": "2021-01-01",
    },
)


def customers(*names: str, **columns: object) -> list[dict[str, object]]:
    """Return customers who signed up long ago."""
    return [{"customer_id": name, "signed_up_on": "2020-01-01", **columns} for name in names]


def candidates(*rows: tuple[str, str, str | None]) -> pa.Table:
    """Return customer, category, product."""
    return pa.table(
        {
            "customer_id": [row[0] for row in rows],
            "model": ["cross_sell"] * len(rows),
            "category": [row[1] for row in rows],
            "product_id": pa.array([row[2] for row in rows], pa.string()),
        }
    )


def situation(
    engine: Engine,
    offered: pa.Table | None = None,
    contacts: Sequence[Mapping[str, object]] = (),
    **rows: Rows,
) -> ContactFacts:
    """Look at a company from the day; contacts are those on record."""
    rows = {"products": PRODUCTS, "product_events": LONG_AGO, **rows}
    past = seen(engine, [DAY], **rows)
    names = [str(row["customer_id"]) for row in rows["customers"]]
    pairs = [(name, channel) for name in names for channel in CHANNELS]
    reachable = pd.DataFrame(pairs, columns=["customer_id", "channel"])
    schema = pa.schema(
        [
            ("customer_id", pa.string()),
            ("channel", pa.string()),
            ("category", pa.string()),
            ("age_days", pa.int64()),
        ]
    )
    return ContactFacts(
        history=past,
        customers=past.customers,
        candidates=engine.table(
            offered if offered is not None else candidates(*((name, "tv", "tv1") for name in names))
        ),
        reachable=engine.table(reachable),
        contacts=engine.table(pa.Table.from_pylist([dict(row) for row in contacts], schema)),
    )


def keys(engine: Engine, excluded: ir.Table) -> set[tuple[str, ...]]:
    """Return what a rule excludes."""
    rows = engine.arrow(excluded).to_pylist()
    return {cast("tuple[str, ...]", tuple(row.values())) for row in rows}

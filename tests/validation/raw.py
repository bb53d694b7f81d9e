"""Raw rows, valid but for what a test says, and what becomes of them."""

from collections.abc import Mapping
from datetime import datetime

import ibis.expr.types as ir
import pandas as pd

from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.tables import raw_tables
from pipeline.foundation.engines import Engine
from pipeline.validation.judgement import emptied_cells, judge, quarantined_rows, valid_rows

CONTRACT = raw_tables({"shoe (size)": "number"})
UNTIL = datetime(2025, 7, 1)  # noqa: DTZ001 - times are naive UTC
Row = Mapping[str, object]

GOOD: Mapping[str, Row] = {
    "customers": {"customer_id": "ana"},
    "products": {"product_id": "tv1", "category": "tv", "tier": 1},
    "product_events": {
        "customer_id": "ana",
        "product_id": "tv1",
        "kind": "acquired",
        "occurred_at": "2025-03-01 10:00:00",
    },
    "interactions": {
        "customer_id": "ana",
        "channel": "web",
        "kind": "visit",
        "occurred_at": "2025-03-01 10:00:00",
    },
    "surveys": {
        "survey_id": "s1",
        "customer_id": "ana",
        "instrument": "nps",
        "sent_at": "2025-03-01 10:00:00",
    },
    "messages": {
        "message_id": "m1",
        "customer_id": "ana",
        "campaign_id": "spring",
        "channel": "email",
        "sent_at": "2025-03-01 10:00:00",
    },
    "consents": {
        "customer_id": "ana",
        "channel": "email",
        "granted": "yes",
        "changed_at": "2025-03-01 10:00:00",
    },
}


def raw(engine: Engine, name: str, *changes: Row) -> ir.Table:
    """Return raw rows: the good one, each time with some values changed."""
    rows = [{**GOOD[name], **change} for change in changes]
    return engine.table(conform(pd.DataFrame(rows), CONTRACT[name]))


def judged(
    engine: Engine, name: str, *changes: Row, until: datetime | None = UNTIL
) -> list[dict[str, object]]:
    """Judge changed rows beside one valid customer and product; return them in key order."""
    valid = {
        target: valid_rows(raw(engine, target, {}).mutate(rule=None), CONTRACT[target])
        for target in ("customers", "products")
    }
    table = CONTRACT[name]
    found = engine.arrow(judge(raw(engine, name, *changes), table, valid, until))
    rows: list[dict[str, object]] = found.to_pylist()
    shown = [
        {name: row[name] for name in (*table.raw_schema.names, "rule", "value")} for row in rows
    ]
    return sorted(shown, key=lambda row: [str(value) for value in row.values()])


def cells(engine: Engine, name: str, *changes: Row) -> list[tuple[object, object, object]]:
    """Return of each emptied value its column, rule and what it was."""
    valid = {
        target: valid_rows(raw(engine, target, {}).mutate(rule=None), CONTRACT[target])
        for target in ("customers", "products")
    }
    table = CONTRACT[name]
    found = emptied_cells(judge(raw(engine, name, *changes), table, valid, UNTIL), table)
    told = engine.arrow(found).to_pylist()
    return sorted(((row["column"], row["rule"], row["value"]) for row in told), key=str)


def verdicts(engine: Engine, name: str, *changes: Row) -> list[tuple[object, object]]:
    """Return each row's rule and value."""
    return [(row["rule"], row["value"]) for row in judged(engine, name, *changes)]


def split(
    engine: Engine, name: str, *changes: Row, valid: Mapping[str, ir.Table]
) -> tuple[ir.Table, ir.Table]:
    """Return the valid and the quarantined part of changed rows."""
    rows = engine.materialize(judge(raw(engine, name, *changes), CONTRACT[name], valid, UNTIL))
    return valid_rows(rows, CONTRACT[name]), quarantined_rows(rows)

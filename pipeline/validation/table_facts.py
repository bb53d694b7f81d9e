"""What no single batch can tell, computed in the engine over a whole table: keys, orphans, counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipeline.foundation.contracts.tables import ID_PATTERN, Table
from pipeline.foundation.engines import Engine
from pipeline.validation.coverage import Coverage
from pipeline.validation.judgement import RULE, VALUE
from pipeline.validation.row_rules import rules_of

Facts = dict[str, float]

LATE = "after_coverage:"
ROWS = "rows"
QUARANTINED_SHARE = "quarantined_share"
LATE_SHARE = "late_share"
EMPTIED = "emptied_share_"
REPEATED_KEYS = "repeated_keys"
STALE_DAYS = "stale_days"
_IS_EMPTIED = "is_emptied"
_LAST = "_last"


def orphans(column: str) -> str:
    """Return the name of the fact that counts rows which refer to nothing."""
    return f"orphans_{column}"


def null_share(column: str) -> str:
    """Return the name of the fact that says how much of a column is empty."""
    return f"null_share_{column}"


def emptied_share(column: str) -> str:
    """Return the name of the fact that says which part of a column's values had to be emptied."""
    return f"{EMPTIED}{column}"


@dataclass(frozen=True)
class Counts:
    """Where a table's rows went."""

    valid: int
    quarantined: int
    by_rule: Mapping[str, int]
    cascaded: int
    """Of the quarantined: rows that refer to a row which is itself in quarantine."""
    emptied: Mapping[str, int] = field(default_factory=dict)
    """By rule, the values of valid rows that were emptied."""
    examples: Mapping[str, str] = field(default_factory=dict)
    """By rule, one value that breaks it, the first in order; none of personal columns nor of ids."""

    @property
    def rows_in(self) -> int:
        """Return the rows that came in; the count law says that none went elsewhere."""
        return self.valid + self.quarantined

    @property
    def quarantined_share(self) -> float:
        """Return the quarantined part of the rows, 0 when there are none."""
        return self.quarantined / max(self.rows_in, 1)

    @property
    def late(self) -> int:
        """Return the rows that lie after the data's end; they need not be bad."""
        return sum(rows for rule, rows in self.by_rule.items() if rule.startswith(LATE))


def count_rows(
    engine: Engine,
    table: Table,
    quarantine: Mapping[str, ir.Table],
    valid: int,
    quarantined: int,
    *,
    cells: ir.Table | None = None,
) -> Counts:
    """Say where a table's rows went, and its values that were emptied.

    Args:
        engine: computes it.
        table: the contract.
        quarantine: the tables in quarantine.
        valid: how many rows were written as valid.
        quarantined: how many as not.
        cells: the emptied values of valid rows.
    """
    found = _by_rule(engine, quarantine[table.name], cells)
    by_rule = [row for row in found if not row[_IS_EMPTIED]]
    emptied = [row for row in found if row[_IS_EMPTIED]]
    hidden = {
        column.name for column in table.columns if column.personal or column.pattern == ID_PATTERN
    }
    return Counts(
        valid,
        quarantined,
        {row[RULE]: row["rows"] for row in by_rule},
        sum(_count(engine, _cascaded(table, quarantine)).values()),
        {row[RULE]: row["rows"] for row in emptied},
        {
            row[RULE]: row["example"]
            for row in (*by_rule, *emptied)
            if row["example"] is not None and row[RULE].split(":")[1] not in hidden
        },
    )


def _by_rule(engine: Engine, rows: ir.Table, cells: ir.Table | None) -> list[dict[str, Any]]:
    """Count by rule the rows in quarantine, and the emptied values of valid rows beside them."""
    told = _told_by_rule(rows, is_emptied=False)
    if cells is not None:
        told = told.union(_told_by_rule(cells, is_emptied=True))
    found: list[dict[str, Any]] = engine.arrow(told.order_by(_IS_EMPTIED, RULE)).to_pylist()
    return found


def _told_by_rule(rows: ir.Table, *, is_emptied: bool) -> ir.Table:
    told = rows.group_by(RULE).aggregate(rows=rows.count(), example=rows[VALUE].min())
    return told.mutate(**{_IS_EMPTIED: ibis.literal(is_emptied)})


def gather_facts(
    engine: Engine,
    table: Table,
    valid: Mapping[str, ir.Table],
    counts: Counts,
    coverage: Coverage | None,
) -> Facts:
    """Return what is known of a table as a whole; a fact that cannot be known is left out.

    Args:
        engine: computes them.
        table: the contract.
        valid: every valid table, since references cross tables.
        counts: where the table's rows went.
        coverage: the days that the data cover.
    """
    rows = valid[table.name]
    facts: Facts = {
        ROWS: counts.valid,
        QUARANTINED_SHARE: (counts.quarantined - counts.late) / max(counts.rows_in, 1),
        LATE_SHARE: counts.late / max(counts.rows_in, 1),
    }
    counted = _count(engine, _keys_and_orphans(table, valid))
    if table.key:
        facts[REPEATED_KEYS] = counts.valid - counted.pop(REPEATED_KEYS)
    facts |= counted
    filled, last = _filled(engine, rows, table)
    total = max(counts.valid, 1)
    facts |= {null_share(name): (counts.valid - count) / total for name, count in filled.items()}
    facts |= _emptied_shares(counts, filled)
    return facts | _staleness(last, table, coverage)


def to_frame(facts: Facts) -> pd.DataFrame:
    """Return the facts as a batch of one row, so that they are gated like any other batch."""
    return pd.DataFrame({name: [float(value)] for name, value in facts.items()})


def _keys_and_orphans(table: Table, valid: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """Return by fact the rows to count: a table's distinct keys, and rows that refer to none."""
    rows = valid[table.name]
    counted = {REPEATED_KEYS: rows.select(*table.key).distinct()} if table.key else {}
    for column in table.columns:
        if column.references is not None:
            target, key = column.references.split(".")
            filled = rows.drop_null(column.name)
            counted[orphans(column.name)] = filled.anti_join(
                valid[target], filled[column.name] == valid[target][key]
            )
    return counted


def _cascaded(table: Table, quarantine: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """Return by rule the rows that refer to a row which is itself in quarantine."""
    found = {}
    for rule in rules_of(table):
        reference = table.column(rule.columns[0]).references
        if rule.kind == "references" and reference is not None:
            target, key = reference.split(".")
            rows = quarantine[table.name].filter(quarantine[table.name][RULE] == rule.name)
            keys = quarantine[target]
            found[rule.name] = rows.semi_join(keys, rows[VALUE] == keys[key])
    return found


def _filled(engine: Engine, rows: ir.Table, table: Table) -> tuple[dict[str, int], datetime | None]:
    """Count the values of each column, and tell the last moment of a ledger."""
    told = {name: rows[name].count() for name in table.names}
    if table.occurred_at is not None:
        told[_LAST] = rows[table.occurred_at].max()
    found: dict[str, Any] = engine.arrow(rows.aggregate(told)).to_pylist()[0]
    last: datetime | None = found.pop(_LAST, None)
    return found, last


def _emptied_shares(counts: Counts, filled: Mapping[str, int]) -> Facts:
    """Return for each column with emptied values which part of its values they were."""
    emptied: dict[str, int] = {}
    for rule, cells in counts.emptied.items():
        column = rule.split(":")[1]
        emptied[column] = emptied.get(column, 0) + cells
    return {emptied_share(name): cells / (cells + filled[name]) for name, cells in emptied.items()}


def _staleness(last: datetime | None, table: Table, coverage: Coverage | None) -> Facts:
    """Say how many days before the product events an optional ledger ends, 0 if it does not."""
    if table.occurred_at is None or table.is_required or coverage is None:
        return {}
    return {} if last is None else {STALE_DAYS: max((coverage.end - last.date()).days, 0)}


def _count(engine: Engine, counted: Mapping[str, ir.Table]) -> dict[str, int]:
    """Count the rows of several tables in one query: on a cluster, each query is a job to plan."""
    if not counted:
        return {}
    parts = [
        rows.aggregate(rows=rows.count()).mutate(fact=ibis.literal(fact))
        for fact, rows in counted.items()
    ]
    found = engine.arrow(ibis.union(*parts)).to_pylist()
    told = {row["fact"]: int(row["rows"]) for row in found}
    return {fact: told[fact] for fact in counted}

"""What no single batch can tell, computed in the engine over a whole table: keys, orphans, counts."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from pipeline.foundation.contracts.tables import Table
from pipeline.foundation.engines import Engine
from pipeline.validation.coverage import Coverage
from pipeline.validation.judgement import RULE, VALUE
from pipeline.validation.row_rules import rules_of

Facts = dict[str, float]

ROWS = "rows"
QUARANTINED_SHARE = "quarantined_share"
REPEATED_KEYS = "repeated_keys"
STALE_DAYS = "stale_days"


def orphans(column: str) -> str:
    """Return the name of the fact that counts rows which refer to nothing."""
    return f"orphans_{column}"


def null_share(column: str) -> str:
    """Return the name of the fact that says how much of a column is empty."""
    return f"null_share_{column}"


@dataclass(frozen=True)
class Counts:
    """Where a table's rows went."""

    valid: int
    quarantined: int
    by_rule: Mapping[str, int]
    cascaded: int
    """Of the quarantined: rows that refer to a row which is itself in quarantine."""

    @property
    def rows_in(self) -> int:
        """Return the rows that came in; the count law says that none went elsewhere."""
        return self.valid + self.quarantined

    @property
    def quarantined_share(self) -> float:
        """Return the quarantined part of the rows, 0 when there are none."""
        return self.quarantined / max(self.rows_in, 1)


def count_rows(
    engine: Engine, table: Table, quarantine: Mapping[str, ir.Table], valid: int, quarantined: int
) -> Counts:
    """Say where a table's rows went, from the numbers written and the tables in quarantine."""
    rows = quarantine[table.name]
    by_rule = rows.group_by(RULE).aggregate(rows=rows.count()).order_by(RULE)
    return Counts(
        valid,
        quarantined,
        {row[RULE]: row["rows"] for row in engine.arrow(by_rule).to_pylist()},
        _count_cascaded(engine, table, quarantine),
    )


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
    facts: Facts = {ROWS: counts.valid, QUARANTINED_SHARE: counts.quarantined_share}
    if table.key:
        facts[REPEATED_KEYS] = counts.valid - _count(engine, rows.select(*table.key).distinct())
    for column in table.columns:
        if column.references is not None:
            target, key = column.references.split(".")
            filled = rows.drop_null(column.name)
            unmatched = filled.anti_join(valid[target], filled[column.name] == valid[target][key])
            facts[orphans(column.name)] = _count(engine, unmatched)
    facts |= _null_shares(engine, rows, table)
    return facts | _staleness(engine, rows, table, coverage)


def to_frame(facts: Facts) -> pd.DataFrame:
    """Return the facts as a batch of one row, so that they are gated like any other batch."""
    return pd.DataFrame({name: [float(value)] for name, value in facts.items()})


def _count_cascaded(engine: Engine, table: Table, quarantine: Mapping[str, ir.Table]) -> int:
    """Count the rows that refer to a row which is itself in quarantine."""
    total = 0
    for rule in rules_of(table):
        reference = table.column(rule.columns[0]).references
        if rule.kind == "references" and reference is not None:
            target, key = reference.split(".")
            rows = quarantine[table.name].filter(quarantine[table.name][RULE] == rule.name)
            keys = quarantine[target]
            total += _count(engine, rows.semi_join(keys, rows[VALUE] == keys[key]))
    return total


def _null_shares(engine: Engine, rows: ir.Table, table: Table) -> Facts:
    counts = {name: rows[name].count() for name in table.names}
    found = engine.arrow(rows.aggregate(counts | {"_rows": rows.count()})).to_pylist()[0]
    total = max(found["_rows"], 1)
    return {null_share(name): (found["_rows"] - found[name]) / total for name in table.names}


def _staleness(engine: Engine, rows: ir.Table, table: Table, coverage: Coverage | None) -> Facts:
    """Say how many days before the product events an optional ledger ends, 0 if it does not."""
    if table.occurred_at is None or table.is_required or coverage is None:
        return {}
    last = engine.arrow(rows.aggregate(last=rows[table.occurred_at].max()))["last"][0].as_py()
    return {} if last is None else {STALE_DAYS: max((coverage.end - last.date()).days, 0)}


def _count(engine: Engine, rows: ir.Table) -> int:
    return int(engine.arrow(rows.aggregate(rows=rows.count()))["rows"][0].as_py())

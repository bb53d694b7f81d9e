"""The rules of a contract table, in the order in which they are asked.

A rule is data, read off a contract column; `masks` says in the engine which rows break it.
A rule's name is `kind:column`, for example `not_null:occurred_at`, and never changes once published:
it stands in the quarantine files and in `reports/validation.json`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.foundation.contracts.columns import Column, RuleKind
from pipeline.foundation.contracts.tables import Table


@dataclass(frozen=True)
class Rule:
    """One thing that every valid row of a table keeps."""

    kind: RuleKind
    columns: tuple[str, ...]
    """The column whose value offends; for `unique`, the whole key."""

    @property
    def name(self) -> str:
        """Return the name under which rows are counted and quarantined."""
        return f"{self.kind}:{'+'.join(self.columns)}"


# What no column can be read as comes first, what needs other tables late, and `unique` last:
# of two rows with one key, the row that breaks another rule is the wrong one.
COLUMN_RULES: tuple[tuple[RuleKind, Callable[[Column], bool]], ...] = (
    ("unparsed", lambda _: True),
    ("not_null", lambda column: not column.nullable),
    ("pattern", lambda column: column.pattern is not None),
    ("allowed", lambda column: bool(column.allowed)),
    ("range", lambda column: column.minimum is not None or column.maximum is not None),
    ("not_before", lambda column: column.not_before is not None),
    ("references", lambda column: column.references is not None),
)


def rules_of(table: Table) -> tuple[Rule, ...]:
    """Return every rule of a table; a row is quarantined, a value emptied, under the first."""
    rules = [
        Rule(kind, (column.name,))
        for kind, applies in COLUMN_RULES
        for column in table.columns
        if applies(column)
    ]
    if table.occurred_at is not None:
        moments = (table.occurred_at, *table.later_moments)
        rules += [Rule("after_coverage", (moment,)) for moment in moments]
    rules += [Rule("after_coverage", (column.name,)) for column in table.columns if column.is_past]
    if table.key:
        rules.append(Rule("unique", table.key))
    return tuple(rules)


def costs_row(rule: Rule, table: Table) -> bool:
    """Say whether breaking a rule costs the whole row; if not, it costs the value alone."""
    column = table.column(rule.columns[0])
    return rule.kind == "unique" or not column.nullable or rule.kind in column.row_faults

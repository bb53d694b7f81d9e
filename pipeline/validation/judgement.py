"""Valid or not: every raw row with the first rule it breaks, and what it breaks it with."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.tables import Table
from pipeline.validation.masks import Context, breaks, match_references, offence
from pipeline.validation.row_rules import Rule, rules_of

Rows = ir.Table

RULE = "rule"
VALUE = "value"


def judge(
    rows: ir.Table, table: Table, valid: Mapping[str, ir.Table], until: datetime | None
) -> ir.Table:
    """Add `rule` and `value` to raw rows, both empty where a row breaks no rule.

    Args:
        rows: raw rows of `table.raw_schema`.
        table: the contract.
        valid: the valid rows of the tables that this one refers to.
        until: the first moment that the data cannot know; nothing to leave it unasked.

    Returns:
        As many rows as came in, in no order, with the columns of `table.raw_schema`, `rule` and
        `value`.
    """
    rules = rules_of(table)
    own = [rule for rule in rules if rule.kind != "unique"]
    matched = match_references(rows, table, valid)
    context = Context(table, until)
    cases = [(breaks(matched, rule, context), rule.name) for rule in own]
    judged = matched.mutate(**{RULE: ibis.cases(*cases, else_=ibis.null("string"))})
    judged = judged.mutate(**{VALUE: _values(judged, own)})
    judged = judged.select(*table.raw_schema.names, RULE, VALUE)
    for rule in rules[len(own) :]:
        judged = _set_repeats_aside(judged, table, rule)
    return judged


def valid_rows(judged: ir.Table, table: Table) -> ir.Table:
    """Return the rows that break no rule, as the contract's columns."""
    return judged.filter(judged[RULE].isnull()).select(*table.names)


def quarantined_rows(judged: ir.Table) -> ir.Table:
    """Return the rows that break a rule, as they came, with `rule` and `value`."""
    return judged.filter(judged[RULE].notnull())


def count_days(valid: ir.Table, table: Table) -> ir.Table:
    """Return `day` and its number of `events`, one row per day on which something occurred."""
    day = valid[table.occurred_at].date()
    return valid.group_by(day=day).aggregate(events=valid.count())


def sort_order(table: Table) -> tuple[str, ...]:
    """Return every column: the customer's history in a ledger, else the key, comes first."""
    first = ("customer_id", table.occurred_at) if table.occurred_at is not None else table.key
    return (*first, *(name for name in table.names if name not in first))


def _values(judged: ir.Table, rules: Sequence[Rule]) -> ir.StringValue:
    cases = [(judged[RULE] == rule.name, offence(judged, rule)) for rule in rules]
    return ibis.cases(*cases, else_=ibis.null("string"))


def _set_repeats_aside(judged: ir.Table, table: Table, rule: Rule) -> ir.Table:
    """Keep one of the otherwise valid rows that share a key: the first in order of all columns.

    Equal rows are one row written twice, and either may stay. Where rows of one key disagree,
    nobody knows which is right; the order makes the choice the same in every run, and the others
    can be looked up in quarantine under their key.
    """
    passes = judged[RULE].isnull()
    order = [judged[name] for name in table.names if name not in table.key]
    position = ibis.row_number().over(
        group_by=[*(judged[name] for name in table.key), passes], order_by=order
    )
    numbered = judged.mutate(_position=ibis.ifelse(passes, position, 0))
    repeats = numbered["_position"] > 0
    return numbered.mutate(
        **{
            RULE: repeats.ifelse(rule.name, numbered[RULE]),
            VALUE: repeats.ifelse(offence(numbered, rule), numbered[VALUE]),
        }
    ).drop("_position")

"""Valid or not: every raw row with the first rule it breaks, and every value that is to be emptied.

A fault of a value that may be empty costs that value (`row_rules.costs_row`), every other one its row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.tables import Table
from pipeline.validation.masks import Context, breaks, match_references, offence
from pipeline.validation.row_rules import Rule, costs_row, rules_of

Rows = ir.Table

RULE = "rule"
VALUE = "value"
COLUMN = "column"
_EMPTIED_BY = "_emptied_by_"


def judge(
    rows: ir.Table, table: Table, valid: Mapping[str, ir.Table], until: datetime | None
) -> ir.Table:
    """Add to raw rows `rule` and `value`, empty where a row breaks no rule that costs it.

    Args:
        rows: raw rows of `table.raw_schema`.
        table: the contract.
        valid: the valid rows of the tables that this one refers to.
        until: the first moment that the data cannot know; nothing to leave it unasked.

    Returns:
        As many rows as came in, in no order, with the columns of `table.raw_schema`, `rule`,
        `value` and, for each column whose values may be emptied, the rule by which one is.
    """
    rules = rules_of(table)
    own = [rule for rule in rules if rule.kind != "unique"]
    of_rows = [rule for rule in own if costs_row(rule, table)]
    matched = match_references(rows, table, valid)
    context = Context(table, until)
    marks = {
        _EMPTIED_BY + name: _first_broken(matched, some, context)
        for name, some in _cell_rules(table).items()
    }
    judged = matched.mutate(**{RULE: _first_broken(matched, of_rows, context)}, **marks)
    judged = judged.mutate(**{VALUE: _values(judged, judged[RULE], of_rows)})
    judged = judged.select(*table.raw_schema.names, RULE, VALUE, *marks)
    for rule in rules[len(own) :]:
        judged = _set_repeats_aside(judged, table, rule)
    return judged


def valid_rows(judged: ir.Table, table: Table) -> ir.Table:
    """Return the rows that break no rule, as the contract's columns, values at fault emptied."""
    kept = judged.filter(judged[RULE].isnull())
    marks = [name for name in table.names if _EMPTIED_BY + name in judged.columns]
    emptied = {
        name: kept[_EMPTIED_BY + name].isnull().ifelse(kept[name], ibis.null(kept[name].type()))
        for name in marks
    }
    return kept.mutate(**emptied).select(*table.names)


def quarantined_rows(judged: ir.Table) -> ir.Table:
    """Return the rows that break a rule, as they came, with `rule` and `value`."""
    names = [name for name in judged.columns if not name.startswith(_EMPTIED_BY)]
    return judged.filter(judged[RULE].notnull()).select(*names)


def emptied_cells(judged: ir.Table, table: Table) -> ir.Table:
    """Return one row for each emptied value of a valid row.

    Returns:
        The columns of `row_key`, by which the row is found again, then `column`, `rule` and the
        `value` as it stood.
    """
    kept = judged.filter(judged[RULE].isnull())
    parts = []
    for name, rules in _cell_rules(table).items():
        mark = _EMPTIED_BY + name
        cells = kept.filter(kept[mark].notnull())
        told = {COLUMN: ibis.literal(name), RULE: cells[mark]}
        parts.append(
            cells.select(*row_key(table), **told, **{VALUE: _values(cells, cells[mark], rules)})
        )
    if not parts:
        nothing = dict.fromkeys((COLUMN, RULE, VALUE), ibis.null("string"))
        return kept.select(*row_key(table), **nothing).limit(0)
    return ibis.union(*parts)


def row_key(table: Table) -> tuple[str, ...]:
    """Return the columns by which a person finds a row again; a ledger's rows may share them."""
    if table.key:
        return table.key
    return tuple(
        column.name
        for column in table.columns
        if column.references is not None or column.name in (table.occurred_at, "order_id")
    )


def count_days(valid: ir.Table, table: Table) -> ir.Table:
    """Return `day`, its number of `events`, and of `firsts` among them.

    A first is a customer's first event of a product: nobody books it ahead, as renewals are.
    """
    moment = valid[table.occurred_at]
    if "product_id" not in valid.columns:
        return valid.group_by(day=moment.date()).aggregate(events=valid.count())
    of_pair = ibis.window(group_by=[valid["customer_id"], valid["product_id"]])
    told = valid.select(day=moment.date(), is_first=moment == moment.min().over(of_pair))
    return told.group_by("day").aggregate(
        events=told.count(), firsts=told.is_first.cast("int64").sum()
    )


def sort_order(table: Table) -> tuple[str, ...]:
    """Return every column: the customer's history in a ledger, else the key, comes first."""
    first = table.key
    if table.occurred_at is not None:
        first = tuple(name for name in ("customer_id", table.occurred_at) if name in table.names)
    return (*first, *(name for name in table.names if name not in first))


def _cell_rules(table: Table) -> dict[str, list[Rule]]:
    """Return by column the rules whose breach empties its value; columns without any are absent."""
    found: dict[str, list[Rule]] = {}
    for rule in rules_of(table):
        if not costs_row(rule, table):
            found.setdefault(rule.columns[0], []).append(rule)
    return found


def _first_broken(rows: ir.Table, rules: Sequence[Rule], context: Context) -> ir.StringValue:
    cases = [(breaks(rows, rule, context), rule.name) for rule in rules]
    return ibis.cases(*cases, else_=ibis.null("string"))


def _values(rows: ir.Table, broken: ir.StringValue, rules: Sequence[Rule]) -> ir.StringValue:
    cases = [(broken == rule.name, offence(rows, rule)) for rule in rules]
    return ibis.cases(*cases, else_=ibis.null("string"))


def _set_repeats_aside(judged: ir.Table, table: Table, rule: Rule) -> ir.Table:
    """Keep one of the otherwise valid rows that share a key: the first in order of all columns.

    Equal rows are one row written twice, and either may stay. Where rows of one key disagree,
    nobody knows which is right: the one with the fewest values at fault stays, and of those the
    first in order. So the choice is the same in every run, and the others can be looked up in
    quarantine under their key.
    """
    passes = judged[RULE].isnull()
    marks = [judged[name].notnull() for name in judged.columns if name.startswith(_EMPTIED_BY)]
    faults = reduce(add, [mark.cast("int64") for mark in marks], ibis.literal(0, "int64"))
    order = [faults, *(judged[name] for name in table.names if name not in table.key)]
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

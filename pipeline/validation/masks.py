"""Each kind of rule as a row mask, computed in the engine.

A mask is true where a row breaks the rule. It may be null where there is nothing to judge, which
counts as kept: only `not_null` objects to an empty value.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.columns import Column, RuleKind
from pipeline.foundation.contracts.tables import UNPARSED, Table
from pipeline.validation.row_rules import Rule

_MATCHED = "_matched_"


@dataclass(frozen=True)
class Context:
    """What rules that look beyond their row need to know."""

    table: Table
    until: datetime | None
    """The first moment after what the data can know; nothing while coverage is being found."""


def match_references(rows: ir.Table, table: Table, valid: Mapping[str, ir.Table]) -> ir.Table:
    """Add, for each referring column, what it refers to among the valid rows, or null."""
    for column in table.columns:
        if column.references is not None:
            target, key = column.references.split(".")
            matched = _MATCHED + column.name
            keys = valid[target].select(**{matched: valid[target][key]}).distinct()
            rows = rows.left_join(keys, rows[column.name] == keys[matched])
    return rows


def breaks(rows: ir.Table, rule: Rule, context: Context) -> ir.BooleanValue:
    """Return the mask of rows that break a rule; `rows` come from `match_references`."""
    return _MASKS[rule.kind](rows, context.table.column(rule.columns[0]), context)


def offence(rows: ir.Table, rule: Rule) -> ir.StringValue:
    """Return as text what a row breaks a rule with; empty where the fault is that it is empty."""
    if rule.kind == "unparsed":
        return _unparsed_text(rows, rule.columns[0])
    texts = [rows[name].cast("string") for name in rule.columns]
    return ibis.literal(" | ").join(texts) if len(texts) > 1 else texts[0]


def _unparsed_text(rows: ir.Table, column: str) -> ir.StringValue:
    r"""Read one text out of the flat JSON that ingestion wrote.

    A regular expression reads it the same on every engine; the JSON functions differ. The pattern
    cannot match inside a value, where a quotation mark is always written `\"`.
    """
    quoted = rows[UNPARSED].re_extract(rf'"{re.escape(column)}": "((?:[^"\\]|\\.)*)"', 1)
    return quoted.replace('\\"', '"').replace("\\\\", "\\")


def _unparsed(rows: ir.Table, column: Column, _: Context) -> ir.BooleanValue:
    return rows[UNPARSED].contains(f'"{column.name}": "')


def _not_null(rows: ir.Table, column: Column, _: Context) -> ir.BooleanValue:
    return rows[column.name].isnull()


def _pattern(rows: ir.Table, column: Column, _: Context) -> ir.BooleanValue:
    return ~rows[column.name].re_search(rf"\A(?:{column.pattern})\z")


def _allowed(rows: ir.Table, column: Column, _: Context) -> ir.BooleanValue:
    return rows[column.name].notin(column.allowed)


def _range(rows: ir.Table, column: Column, _: Context) -> ir.BooleanValue:
    value = rows[column.name]
    masks = []
    if column.minimum is not None:
        masks.append(value < ibis.literal(column.minimum))
    if column.maximum is not None:
        masks.append(value > ibis.literal(column.maximum))
    return ibis.or_(*masks)


def _not_before(rows: ir.Table, column: Column, _: Context) -> ir.BooleanValue:
    return rows[column.name] < rows[column.not_before]


def _references(rows: ir.Table, column: Column, _: Context) -> ir.BooleanValue:
    return rows[column.name].notnull() & rows[_MATCHED + column.name].isnull()


def _after_coverage(rows: ir.Table, column: Column, context: Context) -> ir.BooleanValue:
    if context.until is None:
        return ibis.literal(value=False)
    until = context.until.date() if column.type == "date" else context.until
    return rows[column.name] >= ibis.literal(until)


_MASKS: Mapping[RuleKind, Callable[[ir.Table, Column, Context], ir.BooleanValue]] = {
    "unparsed": _unparsed,
    "not_null": _not_null,
    "pattern": _pattern,
    "allowed": _allowed,
    "range": _range,
    "not_before": _not_before,
    "references": _references,
    "after_coverage": _after_coverage,
}

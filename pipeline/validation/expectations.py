"""What is expected of a cleaned table, as data. `gate` asks Great Expectations whether it holds.

Two suites a table: one that every batch of its rows must meet, and one for the facts that only the
whole table can tell. A failed critical expectation stops the run; a warning is recorded.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from pipeline.foundation import paths
from pipeline.foundation.config import ValidateParams
from pipeline.foundation.contracts.columns import Bound, Column, ColumnType
from pipeline.foundation.contracts.tables import GUEST_EVENTS, Table
from pipeline.validation import table_facts
from pipeline.validation.coverage import Coverage, last_day

Kind = Literal["columns", "type", "not_null", "allowed", "minimum", "maximum"]
Severity = Literal["critical", "warning"]
Limit = int | float | datetime | tuple[str, ...] | str | None

# How each type arrives in a batch; `batches` makes it so, whether or not a batch has empty values.
BATCH_TYPES: dict[ColumnType, str] = {
    "text": "str",
    "integer": "int64",
    "money": "float64",
    "rate": "float64",
    "number": "float64",
    "score": "float64",
    "date": "datetime64[us]",
    "moment": "datetime64[us]",
    "flag": "bool",
}

# A customer may go years without changing a consent, so a quiet ledger need not be an old one.
QUIET_TABLES = frozenset({"consents"})

MAX_LATE_SHARE = 0.25  # of rows booked ahead; more is a wrong end of the data, or wrong dates

_DEFECT = (
    "Rows that break a rule belong in quarantine: this is a defect of pipeline/validation, or the "
    "file was changed by hand."
)


@dataclass(frozen=True)
class Expectation:
    """One thing that holds for every batch, or for the facts, of a table."""

    kind: Kind
    about: str
    """The column, or the fact, that it is about; empty for the table's list of columns."""
    limit: Limit
    says: str
    remedy: str = _DEFECT
    severity: Severity = "critical"


def batch_suite(table: Table, coverage: Coverage | None) -> tuple[Expectation, ...]:
    """Return what every batch of valid rows must meet."""
    listed = Expectation("columns", "", table.names, "the contract's columns, in their order")
    suite = [listed]
    for column in table.columns:
        suite += _column_suite(column)
    return (*suite, *_moment_suite(table, coverage))


def facts_suite(
    table: Table, params: ValidateParams, known: table_facts.Facts
) -> list[Expectation]:
    """Return what the facts about the whole table must meet; an unknown fact is not asked for.

    Orders of guests are a gain where there are any: what is wrong with them never stops a run.
    """
    suite = [*_volume(table, params), _quarantine(params), _late(table), _freshness(table, params)]
    suite += [_emptied(column, table, params) for column in table.columns if column.nullable]
    suite += [
        Expectation(
            "maximum",
            table_facts.null_share(column.name),
            params.max_null_share[f"{table.name}.{column.name}"],
            f"{column.name} is empty in a share of rows of at most "
            f"{params.max_null_share[f'{table.name}.{column.name}']:g}",
            f"Fill it in the source, or raise validate.max_null_share.{table.name}.{column.name}.",
        )
        for column in table.columns
        if f"{table.name}.{column.name}" in params.max_null_share
    ]
    if table.name == GUEST_EVENTS.name:
        suite = [replace(expectation, severity="warning") for expectation in suite]
    suite += _integrity(table)
    return [expectation for expectation in suite if expectation.about in known]


def _column_suite(column: Column) -> list[Expectation]:
    """Return the expectations of one column, cheap enough to ask of every batch."""
    type_ = BATCH_TYPES[column.type]
    suite = [Expectation("type", column.name, type_, f"{column.name} has the type {type_}")]
    if not column.nullable:
        suite.append(Expectation("not_null", column.name, None, f"{column.name} is never empty"))
    if column.allowed:
        listed = ", ".join(column.allowed)
        says = f"{column.name} is one of {listed}"
        suite.append(Expectation("allowed", column.name, column.allowed, says))
    if column.minimum is not None:
        says = f"{column.name} is at least {column.minimum}"
        suite.append(Expectation("minimum", column.name, _plain(column.minimum), says))
    if column.maximum is not None:
        says = f"{column.name} is at most {column.maximum}"
        suite.append(Expectation("maximum", column.name, _plain(column.maximum), says))
    return suite


def _moment_suite(table: Table, coverage: Coverage | None) -> list[Expectation]:
    last = last_day(table, coverage)
    if last is None:
        return []
    limit = datetime.combine(last, time.max)
    past = tuple(column.name for column in table.columns if column.is_past)
    occurred = () if table.occurred_at is None else (table.occurred_at, *table.later_moments)
    return [
        Expectation("maximum", moment, limit, f"{moment} is not after {last}")
        for moment in (*occurred, *past)
    ]


def _volume(table: Table, params: ValidateParams) -> list[Expectation]:
    least = params.min_rows.get(table.name, 1 if table.is_required else 0)
    if least == 0:
        return []
    remedy = (
        f"Give more data, see which rules {paths.table(paths.QUARANTINE, table.name)} names, "
        f"or lower validate.min_rows.{table.name}."
    )
    return [
        Expectation("minimum", table_facts.ROWS, least, f"at least {least:,} valid rows", remedy)
    ]


def _quarantine(params: ValidateParams) -> Expectation:
    return Expectation(
        "maximum",
        table_facts.QUARANTINED_SHARE,
        params.max_quarantined_share,
        f"a share of quarantined rows of at most {params.max_quarantined_share:g}",
        f"See by_rule in {paths.VALIDATION_REPORT}, then correct the source, or raise "
        "validate.max_quarantined_share.",
    )


def _late(table: Table) -> Expectation:
    return Expectation(
        "maximum",
        table_facts.LATE_SHARE,
        MAX_LATE_SHARE,
        f"a share of rows after the data's end of at most {MAX_LATE_SHARE:g}",
        f"Bookings ahead are left out of {table.name} and are no fault; so many more likely are wrong "
        "dates, or the data end later: set validate.exported_on to the day of the export.",
    )


def _emptied(column: Column, table: Table, params: ValidateParams) -> Expectation:
    """Expect most values of a column to be right; a wrong format makes them all wrong.

    Contact details are free text and no feature: however many are wrong, the run goes on.
    """
    return Expectation(
        "maximum",
        table_facts.emptied_share(column.name),
        params.max_emptied_share,
        f"a share of values of {column.name} that had to be emptied of at most "
        f"{params.max_emptied_share:g}",
        f"They stand in {paths.table(paths.EMPTIED_CELLS, table.name)}. Correct how the column is "
        "read, leave it out, or raise validate.max_emptied_share.",
        "warning" if column.personal else "critical",
    )


def _freshness(table: Table, params: ValidateParams) -> Expectation:
    return Expectation(
        "maximum",
        table_facts.STALE_DAYS,
        params.max_stale_days,
        f"an end at most {params.max_stale_days} days before the product events end",
        f"Give a newer extract of {table.name}, leave the table out, or raise "
        "validate.max_stale_days.",
        "warning" if table.name in QUIET_TABLES else "critical",
    )


def _integrity(table: Table) -> list[Expectation]:
    key = " + ".join(table.key)
    unique = Expectation(
        "maximum", table_facts.REPEATED_KEYS, 0, f"no two rows with the same {key}"
    )
    references = [
        Expectation(
            "maximum",
            table_facts.orphans(column.name),
            0,
            f"no {column.name} without its valid row in {column.references}",
        )
        for column in table.columns
        if column.references is not None
    ]
    return [unique, *references]


def _plain(bound: Bound) -> float | datetime:
    """Return a bound as a batch holds it: amounts as floats, dates as times."""
    if isinstance(bound, datetime):
        return bound
    return datetime.combine(bound, time()) if isinstance(bound, date) else float(bound)

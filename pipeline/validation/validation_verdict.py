"""What validation found, as a small report, and whether the run may go on."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.validation_report import (
    CoveredDays,
    ExpectationOutcome,
    TableValidation,
    ValidationReport,
)
from pipeline.foundation.contracts.tables import Table
from pipeline.foundation.errors import BrokenCheckError, DataError
from pipeline.validation.coverage import Coverage
from pipeline.validation.expectation_gate import Outcome
from pipeline.validation.remedies import tell_causes
from pipeline.validation.table_facts import EMPTIED, LATE, QUARANTINED_SHARE, Counts

Verdict = Literal["passed", "failed", "broken"]


@dataclass(frozen=True)
class Finding:
    """All that validation found about one table."""

    table: str
    counts: Counts
    outcomes: tuple[Outcome, ...]
    causes: str = ""
    """Which rules cost rows how often, with the likeliest remedy."""
    emptied: str = ""
    """The same of values that were emptied."""


def find(table: Table, counts: Counts, outcomes: tuple[Outcome, ...], source: str) -> Finding:
    """Return the finding about a table, with the causes of what it lost; `source` as `source.name`."""
    bad = {rule: rows for rule, rows in counts.by_rule.items() if not rule.startswith(LATE)}
    return Finding(
        table.name,
        counts,
        outcomes,
        tell_causes(table, bad, counts.examples, source),
        tell_causes(table, counts.emptied, counts.examples, source),
    )


def check_count_law(table: str, rows_in: int, valid: int, quarantined: int) -> None:
    """Refuse to lose or invent a row.

    Raises:
        BrokenCheckError: rows in are not rows valid plus rows quarantined.
    """
    if rows_in != valid + quarantined:
        raise BrokenCheckError(
            f"{rows_in:,} rows of {table} to be valid or quarantined",
            f"{valid:,} valid and {quarantined:,} quarantined",
            "This is a defect of pipeline/validation, not of the data.",
        )


def decide(findings: Sequence[Finding]) -> Verdict:
    """Say whether the run may go on; a check that broke leaves it unsaid."""
    outcomes = [outcome for finding in findings for outcome in finding.outcomes]
    if any(outcome.broken is not None for outcome in outcomes):
        return "broken"
    return "failed" if any(_is_stop(outcome) for outcome in outcomes) else "passed"


def enforce(findings: Sequence[Finding]) -> None:
    """Stop the run unless it passed, with one line for each reason.

    Raises:
        BrokenCheckError: a check could not be carried out, which says nothing about the data.
        DataError: a critical expectation failed.
    """
    verdict = decide(findings)
    if verdict == "broken":
        raise BrokenCheckError(
            "checks that can be carried out", _listed(_broken_lines(findings)), _BROKEN_REMEDY
        )
    if verdict == "failed":
        raise DataError(
            "tables that meet every critical expectation",
            _listed(_failed_lines(findings)),
            f"\nAll of it is in {paths.VALIDATION_REPORT}, the rows themselves in {paths.QUARANTINE}.",
        )


def warnings(findings: Sequence[Finding]) -> list[str]:
    """Return a line for each failed expectation that does not stop the run, and for what was lost."""
    return [
        _failed_line(finding, outcome)
        for finding in findings
        for outcome in finding.outcomes
        if outcome.broken is None and not outcome.success and not _is_stop(outcome)
    ] + [line for finding in findings for line in _lost_lines(finding)]


def to_report(
    findings: Sequence[Finding], coverage: Coverage | None, missing: Collection[str]
) -> ValidationReport:
    """Return the report: the same in every run over the same data."""
    return ValidationReport(
        verdict=decide(findings),
        coverage=_describe_coverage(coverage),
        missing_tables=tuple(sorted(missing)),
        tables={finding.table: _describe_table(finding) for finding in findings},
    )


def summarize(findings: Sequence[Finding], coverage: Coverage | None) -> str:
    """Return the stage's one log line, with counts in and out."""
    counts = [finding.counts for finding in findings]
    asked = [outcome for finding in findings for outcome in finding.outcomes]
    covered = "no day" if coverage is None else f"{coverage.start} to {coverage.end}"
    return (
        f"{len(findings)} tables, {sum(count.rows_in for count in counts):,} rows in = "
        f"{sum(count.valid for count in counts):,} valid + "
        f"{sum(count.quarantined for count in counts):,} quarantined; "
        f"data cover {covered}; {sum(outcome.success for outcome in asked)} of {len(asked)} "
        f"expectations met: {decide(findings)}"
    )


_BROKEN_REMEDY = (
    "\nThis says nothing about the data. Great Expectations could not carry out these checks: correct "
    "pipeline/validation, or install the versions of requirements.lock."
)


def _is_stop(outcome: Outcome) -> bool:
    return not outcome.success and outcome.expectation.severity == "critical"


def _listed(lines: Sequence[str]) -> str:
    listed = "".join(f"\n  {line}" for line in lines)
    return f"{len(lines)} that {'does' if len(lines) == 1 else 'do'} not:{listed.rstrip('.')}"


def _broken_lines(findings: Sequence[Finding]) -> list[str]:
    return [
        f"{finding.table}: {outcome.expectation.says}: {outcome.broken}"
        for finding in findings
        for outcome in finding.outcomes
        if outcome.broken is not None
    ]


def _failed_lines(findings: Sequence[Finding]) -> list[str]:
    return [
        _failed_line(finding, outcome)
        for finding in findings
        for outcome in finding.outcomes
        if _is_stop(outcome)
    ]


def _lost_lines(finding: Finding) -> Iterator[str]:
    """Yield what did not stop the run and is yet to be known: bad rows, emptied values, bookings ahead."""
    counts = finding.counts
    if finding.causes:
        folder = paths.table(paths.QUARANTINE, finding.table)
        yield (
            f"{finding.table}: {counts.quarantined:,} of {counts.rows_in:,} rows in {folder}: "
            f"{finding.causes}"
        )
    if finding.emptied:
        folder = paths.table(paths.EMPTIED_CELLS, finding.table)
        yield (
            f"{finding.table}: {sum(counts.emptied.values()):,} values emptied, their rows kept "
            f"({folder}): {finding.emptied}"
        )
    if counts.late:
        yield (
            f"{finding.table}: {counts.late:,} rows lie after the data's end; they are left out, and do "
            "not move it"
        )


def _failed_line(finding: Finding, outcome: Outcome) -> str:
    expectation = outcome.expectation
    found = "nothing" if outcome.observed is None else f"{outcome.observed}"
    if isinstance(outcome.observed, float):
        found = f"{outcome.observed:g}"
    line = f"{finding.table}: expected {expectation.says}; found {found}."
    told = finding.causes if expectation.about == QUARANTINED_SHARE else ""
    if expectation.about.startswith(EMPTIED):
        told = finding.emptied
    return " ".join(part for part in (line, told, expectation.remedy) if part)


def _describe_coverage(coverage: Coverage | None) -> CoveredDays | None:
    if coverage is None:
        return None
    return CoveredDays(start=coverage.start, end=coverage.end, latest=coverage.latest)


def _describe_table(finding: Finding) -> TableValidation:
    """Describe a table; `emptied_cells` is absent where none was."""
    counts = finding.counts
    table = TableValidation(
        rows_in=counts.rows_in,
        valid=counts.valid,
        quarantined=counts.quarantined,
        quarantined_share=round(counts.quarantined_share, 6),
        cascaded=counts.cascaded,
        by_rule=dict(counts.by_rule),
        expectations={
            outcome.expectation.says: _describe_outcome(outcome) for outcome in finding.outcomes
        },
    )
    if not counts.emptied:
        return table
    return table.model_copy(update={"emptied_cells": dict(counts.emptied)})


def _describe_outcome(outcome: Outcome) -> ExpectationOutcome:
    """Describe an outcome; `broken` is absent where the check could be carried out."""
    described = ExpectationOutcome(
        severity=outcome.expectation.severity, success=outcome.success, observed=outcome.observed
    )
    if outcome.broken is None:
        return described
    return described.model_copy(update={"broken": outcome.broken})

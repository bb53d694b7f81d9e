"""What `make check-data` says: rows, dates and outcomes, and whether the models can be learnt."""

from collections.abc import Iterator

from pipeline.foundation.contracts.hand_overs.population_report import (
    PopulationOfModel,
    PopulationReport,
)
from pipeline.foundation.contracts.hand_overs.validation_report import (
    TableValidation,
    ValidationReport,
)


def check_page(
    validated: ValidationReport | None,
    counted: PopulationReport | None,
    min_positives: int,
    *,
    is_fit: bool,
) -> str:
    """Return the answer in plain text.

    Args:
        validated: what validation found; nothing where the source could not be read.
        counted: the population; nothing where validation stopped, or no date is possible.
        min_positives: outcomes that a test needs for a model to be judged.
        is_fit: whether a run gets to its end.
    """
    lines = [
        *(_row_lines(validated) if validated else ()),
        *(_outcome_lines(counted, min_positives) if counted else ()),
        "",
        "A run will get to its end: dvc repro." if is_fit else "A run would stop:",
    ]
    return "\n".join(lines) + "\n"


def _row_lines(report: ValidationReport) -> Iterator[str]:
    covered = report.coverage
    yield "Rows" if covered is None else f"Rows; the data cover {covered.start} to {covered.end}"
    for name, table in sorted(report.tables.items()):
        yield f"  {name:<16} {table.rows_in:>10,} in, {_quarantine(table)}"
    if report.missing_tables:
        yield f"  without {', '.join(report.missing_tables)}: their features are switched off"
    if "consents" in report.missing_tables:
        yield (
            "  nobody is contacted without consents, unless "
            "contact_policy.limits.consent.without_record names channels"
        )


def _quarantine(table: TableValidation) -> str:
    if not table.quarantined:
        return "all valid"
    rules = ", ".join(f"{rule} {count:,}" for rule, count in sorted(table.by_rule.items()))
    return f"{table.quarantined:,} to quarantine ({table.quarantined_share:.1%}): {rules}"


def _outcome_lines(report: PopulationReport, min_positives: int) -> Iterator[str]:
    dates = report.as_of_dates
    yield ""
    yield (
        f"Dates: {len(dates.train)} to learn from ({dates.train[0]} to {dates.train[-1]}), validation "
        f"{dates.validation[0]}, test {dates.test[0]}; {report.customers:,} customers known on the "
        f"scoring day {dates.scoring[0]}"
    )
    for name, model in sorted(report.models.items()):
        yield from _model_lines(name, model, min_positives)


def _model_lines(name: str, model: PopulationOfModel, min_positives: int) -> Iterator[str]:
    counts = {split: rows.positives for split, rows in model.rows.items()}
    yield ""
    yield (
        f"{name}: {len(model.candidates)} categories; outcomes: training {counts.get('train', 0):,}, "
        f"validation {counts.get('validation', 0):,}, test {counts.get('test', 0):,}"
    )
    for what, found in (("too few to stand alone", model.pooled), ("left out", model.left_out)):
        if found:
            names = ", ".join(f"{one.category} ({one.outcomes})" for one in found)
            yield f"  {what}: {names}"
    yield f"  {_judgement(model, counts.get('test', 0), min_positives)}"


def _judgement(model: PopulationOfModel, tested: int, min_positives: int) -> str:
    if not model.candidates:
        return "cannot be learnt: no category has outcomes; the best simple rule scores"
    if tested < min_positives:
        return (
            f"can be learnt, but the test has {tested} outcomes of the {min_positives} that the gate "
            "asks for (promote.min_positives): a simple rule scores until there are more"
        )
    return "can be learnt, and its test has outcomes enough to judge it"

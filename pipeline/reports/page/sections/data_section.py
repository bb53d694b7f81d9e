"""What the page says of the data: where they come from, how they are cut, what was refused."""

from collections.abc import Mapping, Sequence
from datetime import date

from pipeline.foundation.contracts.hand_overs.features_report import FeaturesReport
from pipeline.foundation.contracts.hand_overs.package_manifest import PackageManifest
from pipeline.foundation.contracts.hand_overs.population_report import PopulationReport
from pipeline.foundation.contracts.hand_overs.validation_report import ValidationReport
from pipeline.reports.formatting import count, share
from pipeline.reports.names import TITLES
from pipeline.reports.page.parts import Cell, PageTable, Row

_SPLITS: Mapping[str, str] = {
    "train": "Training",
    "validation": "Validation (tuning and calibration)",
    "test": "Out-of-time test",
    "scoring": "Scoring",
}


def describe_snapshots(population: PopulationReport) -> PageTable:
    """Return as-of dates and rows by split."""
    models = [name for name in TITLES if name in population.models]
    heads = [
        Cell(f"{TITLES[name]}: {what}") for name in models for what in ("eligible rows", "did it")
    ]
    rows = []
    for split, title in _SPLITS.items():
        counts = [population.models[name].rows.get(split) for name in models]
        cells = [
            cell
            for found in counts
            for cell in (
                Cell(count(found.eligible if found else None)),
                Cell("ahead" if split == "scoring" else count(found.positives if found else None)),
            )
        ]
        dates = Cell(_range(population.as_of_dates.of(split)), is_number=False)
        rows.append(Row([Cell(title, is_number=False), dates, *cells]))
    return PageTable(
        "As-of dates are split by time, and an outcome window ends before the next part begins",
        [Cell("Part", is_number=False), Cell("As-of dates", is_number=False), *heads],
        rows,
    )


def describe_quality(validation: ValidationReport) -> PageTable:
    """Return the count law of every table: rows in are rows valid plus rows in quarantine."""
    return PageTable(
        "Rows in = rows valid + rows in quarantine",
        [
            Cell("Table", is_number=False),
            Cell("Rows in"),
            Cell("Valid"),
            Cell("Quarantined"),
            Cell("Share"),
            Cell("Broken rules", is_number=False),
        ],
        [
            Row(
                [
                    Cell(name, is_number=False),
                    Cell(count(found.rows_in)),
                    Cell(count(found.valid)),
                    Cell(count(found.quarantined)),
                    Cell(share(found.quarantined_share, 2)),
                    Cell(_tell_rules(found.by_rule), is_number=False),
                ]
            )
            for name, found in validation.tables.items()
        ],
    )


def tell_quality(validation: ValidationReport) -> list[str]:
    """Say what validation found, in sentences."""
    outcomes = [
        (table, says, found.success)
        for table, result in validation.tables.items()
        for says, found in result.expectations.items()
    ]
    failed = [(table, says) for table, says, is_met in outcomes if not is_met]
    sentences = [f"{len(outcomes) - len(failed)} of {len(outcomes)} expectations are met."]
    coverage = validation.coverage
    if coverage is not None:
        sentences.append(
            f"The oldest date of any table, sign-ups included, is {coverage.start}; purchases and "
            f"cancellations reach to {coverage.end}."
        )
    sentences += [f"Not met in {table}: {says}." for table, says in failed]
    return sentences


def tell_missing(validation: ValidationReport, features: FeaturesReport) -> list[str]:
    """Say which tables the source lacks and which feature families are therefore off."""
    tables = [f"The source has no table {name}." for name in sorted(validation.missing_tables)]
    families = [
        f"Feature family {name} is switched off: {reason}."
        for name, reason in sorted(features.switched_off.items())
    ]
    return tables + families


def describe_deliveries(manifests: Mapping[str, PackageManifest]) -> PageTable:
    """Return the files handed over, by folder."""
    return PageTable(
        "Files handed over",
        [
            Cell("File", is_number=False),
            Cell("Rows"),
            Cell("Bytes"),
            Cell("SHA-256", is_number=False),
        ],
        [
            Row(
                [
                    Cell(f"{folder}/{name}", is_number=False),
                    Cell(count(found.rows)),
                    Cell(count(found.bytes)),
                    Cell(f"{found.sha256[:16]}…", is_number=False),
                ]
            )
            for folder, manifest in sorted(manifests.items())
            for name, found in sorted(manifest.files.items())
        ],
    )


def _range(dates: Sequence[date]) -> str:
    if len(dates) < 2:
        return "".join(str(one) for one in dates)
    return f"{dates[0]} to {dates[-1]} ({len(dates)})"


def _tell_rules(by_rule: Mapping[str, int]) -> str:
    return ", ".join(f"{rule} {found:,}" for rule, found in sorted(by_rule.items()))

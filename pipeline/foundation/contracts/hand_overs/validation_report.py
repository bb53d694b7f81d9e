"""reports/validation.json: what validation found in each table, and whether the run may go on."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pipeline.foundation.contracts.hand_overs.document import Document


class CoveredDays(Document):
    """The days that the tables cover."""

    start: date
    end: date
    latest: date
    """The latest day that a row may speak of."""


class ExpectationOutcome(Document):
    """One expectation of a table."""

    severity: str
    """`critical` stops the run, `warning` does not."""
    success: bool
    observed: bool | int | float | str | None
    broken: str | None = None
    """Why the check itself could not be carried out; absent where it could."""


class TableValidation(Document):
    """One table: rows in = rows valid + rows quarantined."""

    rows_in: int
    valid: int
    quarantined: int
    quarantined_share: float
    cascaded: int
    """Quarantined because the row they refer to was."""
    by_rule: Mapping[str, int]
    """Rows in quarantine by the first rule that they break."""
    emptied_cells: Mapping[str, int] = {}
    """By rule, values of valid rows that were emptied; they stand in data/quarantine/cells."""
    expectations: Mapping[str, ExpectationOutcome]
    """By what they say."""


class ValidationReport(Document):
    """All that validation found."""

    verdict: Literal["passed", "failed", "broken"]
    coverage: CoveredDays | None
    """Null where the source has no dated rows."""
    missing_tables: tuple[str, ...]
    """Optional tables that the source does not have."""
    tables: Mapping[str, TableValidation]

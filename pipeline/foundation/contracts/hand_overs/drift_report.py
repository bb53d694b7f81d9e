"""reports/drift.json: how far the data of the scoring day have moved from what was usual."""

from collections.abc import Mapping
from datetime import date

from pipeline.foundation.contracts.hand_overs.document import Document


class TableVolume(Document):
    """One table's last weeks against its own habit."""

    silent_days: int
    """Whole days without a row before the scoring day."""
    longest_silence_days: int | None
    """Before that; null where there were no two days with rows."""
    rows: int
    """Of the last 28 days."""
    usual_rows: float | None
    """The median of three times 28 days before; null where the table is too short to know."""


class FamilyDrift(Document):
    """The features of one family at the scoring day against the date before."""

    features: int
    moved: int
    """Features whose PSI is above the limit and far above that between earlier dates."""
    strongest: str | None
    """The feature that moved furthest beyond its habit; null where none has."""
    psi: float | None
    usual_psi: float | None
    """The greatest between two earlier dates in a row."""


class DriftFinding(Document):
    """One thing that somebody should look at."""

    reason: str
    stops: bool
    """Whether no wave is sent until somebody has looked."""


class DriftReport(Document):
    """All that has moved."""

    scoring_as_of_date: date
    tables: Mapping[str, TableVolume]
    families: Mapping[str, FamilyDrift]
    """Empty where fewer than four as-of dates are known."""
    new_categories: Mapping[str, date]
    """Categories of products whose first event is within the last 28 days, and when it was."""
    findings: tuple[DriftFinding, ...]

    def stops(self) -> tuple[str, ...]:
        """Return why no wave is sent, one sentence each."""
        return tuple(one.reason for one in self.findings if one.stops)

    def warnings(self) -> tuple[str, ...]:
        """Return what is only to be looked at, one sentence each."""
        return tuple(one.reason for one in self.findings if not one.stops)

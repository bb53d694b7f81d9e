"""reports/population.json: who is asked what, at which as-of dates, with how many outcomes."""

from collections.abc import Mapping
from datetime import date

from pipeline.foundation.contracts.hand_overs.document import Document


class SplitDates(Document):
    """As-of dates by split, in order of time."""

    train: tuple[date, ...]
    validation: tuple[date, ...]
    test: tuple[date, ...]
    scoring: tuple[date, ...]

    def of(self, split: str) -> tuple[date, ...]:
        """Return the as-of dates of the split of this name."""
        dates: tuple[date, ...] = getattr(self, split)
        return dates


class SplitRows(Document):
    """Counts of customer × category × as-of date."""

    all: int
    eligible: int
    positives: int
    """Eligible rows with the outcome; 0 for scoring, whose outcomes lie ahead."""


class LeftOutCategory(Document):
    """A category with too few outcomes in training to learn from by itself."""

    category: str
    outcomes: int


class PopulationOfModel(Document):
    """The candidates of one model."""

    candidates: tuple[str, ...]
    pooled: tuple[LeftOutCategory, ...] = ()
    """Candidates with few outcomes: learnt from together with the others, not by themselves."""
    left_out: tuple[LeftOutCategory, ...]
    rows: Mapping[str, SplitRows]
    """By split, those that have rows."""


class PopulationReport(Document):
    """The population of all models."""

    customers: int
    """Known at the scoring as-of date."""
    as_of_dates: SplitDates
    models: Mapping[str, PopulationOfModel]

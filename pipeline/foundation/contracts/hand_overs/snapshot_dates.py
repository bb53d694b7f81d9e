"""data/population/snapshots.json: the as-of dates by split, and the windows of their outcomes."""

from datetime import date

from pipeline.foundation.contracts.hand_overs.document import Document
from pipeline.foundation.contracts.hand_overs.population_report import SplitDates


class SnapshotDates(Document):
    """When the company is looked at: `population` writes it, every later stage may read it."""

    train: tuple[date, ...]
    """Oldest first."""
    validation: date
    test: date
    scoring: date
    """The as-of date that is scored and decided for; its outcomes lie ahead."""
    gap_days: int
    outcome_days: int
    known_customers: int
    """Customers known at the scoring as-of date."""
    drawn_share: float = 1.0
    """Of the customers, whose past is looked at at the dates of train and validation."""

    def all(self) -> tuple[date, ...]:
        """Return every as-of date, oldest first."""
        return (*self.train, self.validation, self.test, self.scoring)

    def before_test(self) -> tuple[date, ...]:
        """Return the dates that models learn from and are calibrated on, oldest first."""
        return (*self.train, self.validation)

    def by_split(self) -> SplitDates:
        """Return the as-of dates of each split, oldest first."""
        return SplitDates(
            train=self.train,
            validation=(self.validation,),
            test=(self.test,),
            scoring=(self.scoring,),
        )

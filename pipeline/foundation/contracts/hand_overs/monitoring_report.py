"""reports/monitoring/<model>.json: the champion on the latest outcomes, and what is due."""

from datetime import date

from pipeline.foundation.contracts.hand_overs.document import Document, Figure
from pipeline.foundation.contracts.hand_overs.evaluation_report import Drift
from pipeline.foundation.contracts.hand_overs.promotion_verdict import GateFinding, ScorerIdentity

STOP, STOP_NEW = "drift_below_stop", "new_texts_below_stop"
STOPS = frozenset({STOP, STOP_NEW})
"""The findings that stop a wave; the others ask for retraining."""


class NewText(Document):
    """A text of a feature that the champion never saw, and the share of rows that bear it."""

    feature: str
    text: str
    share: float


class MonitoringReport(Document):
    """One model's champion, as it stands on the day that is scored."""

    model: str
    champion: ScorerIdentity
    scoring_as_of_date: date
    champion_since: date | None
    """The scoring as-of date of the run that made it champion; null where that is not on file."""
    age_days: int | None
    """From then to `scoring_as_of_date`."""
    outcomes_as_of_date: date
    """The latest as-of date whose outcome window is complete."""
    rows: int
    positives: int
    auc: Figure
    calibration_slope: Figure
    ece: Figure
    drift: Drift | None
    """Of the rows that are scored, against the training rows; null for a rule."""
    new_texts: tuple[NewText, ...] = ()
    """The commonest first; the champion takes them for missing values."""
    findings: tuple[GateFinding, ...]
    is_retraining_due: bool
    is_fit_to_score: bool
    """Whether scores and rows have moved no further than is sent at all."""

    def stops(self) -> tuple[str, ...]:
        """Return why these scores are not sent, one sentence each."""
        return tuple(one.reason for one in self.findings if one.rule in STOPS and not one.holds)

    def reasons(self) -> tuple[str, ...]:
        """Return what speaks for retraining, one sentence each."""
        return tuple(finding.reason for finding in self.findings if not finding.holds)

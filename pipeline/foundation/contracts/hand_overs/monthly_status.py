"""What `monthly` prints: one line of JSON for a scheduler."""

from datetime import date
from typing import Literal

from pipeline.foundation.contracts.hand_overs.document import Document

Outcome = Literal["decided", "sent", "already_sent", "not_fit", "failed", "locked"]
Obstacle = Literal["data", "gate", "drift", "claims", "no_contacts"]


class MonthlyStatus(Document):
    """How a monthly run ended."""

    status: Outcome
    exit_code: int
    wave: str | None = None
    as_of_date: date | None = None
    mode: Literal["scored", "retrained"] | None = None
    """Whether the champions scored as they were, or models were trained."""
    due: tuple[str, ...] = ()
    """What spoke for retraining before the run chose."""
    warnings: tuple[str, ...] = ()
    """What has moved in the data without stopping the wave."""
    contacted: int | None = None
    is_written_back: bool = False
    """Whether the wave stands in the tables of `exports.database`."""
    obstacles: tuple[Obstacle, ...] = ()
    """What makes the wave unfit to send; `--accept` takes these words."""
    accepted: tuple[Obstacle, ...] = ()
    """Of what was found, what `--accept` let pass."""
    reasons: tuple[str, ...] = ()
    """The obstacles, or the failure, in words."""

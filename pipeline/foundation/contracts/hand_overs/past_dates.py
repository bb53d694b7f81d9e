"""data/models/<model>/pasts.json: how the model would have done at past dates, beside its baselines.

Everything but the parameters was chosen by these dates, and they are among the rows of the last
fit: they are evidence of how it may go, not the out-of-time test.
"""

from collections.abc import Mapping
from datetime import date

from pipeline.foundation.contracts.hand_overs.document import Document


class PastDate(Document):
    """One date, judged by a model that was fitted and calibrated before it."""

    as_of_date: date
    rows: int
    positives: int
    log_losses: Mapping[str, float]
    """By scorer; the model goes by its own name, such as `up_sell`."""
    best_baseline: str
    difference: float
    """Log loss of the model less that of the best baseline of the date: below 0 is better."""
    standard_error: float
    """Of the difference, over customers."""


class PastDates(Document):
    """The dates, the oldest first; none where history holds too few."""

    dates: tuple[PastDate, ...]

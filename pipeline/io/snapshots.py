"""Where stages find the as-of dates, the scoring one among them."""

from datetime import date

from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.snapshot_dates import SnapshotDates
from pipeline.io.documents import read_document


def read_snapshots() -> SnapshotDates:
    """Return the as-of dates by split and the windows of their outcomes."""
    return read_document(paths.SNAPSHOTS, SnapshotDates)


def scoring_date() -> date:
    """Return the as-of date that is scored and decided for."""
    return read_snapshots().scoring

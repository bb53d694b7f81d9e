"""What all three ways read and write, and for which as-of dates; imports nothing heavy."""

from datetime import date, timedelta
from pathlib import Path

FAMILY = "channel_interactions"
LAST = date(2026, 1, 5)
AS_OF_DATES = tuple(LAST - timedelta(days=28 * back) for back in reversed(range(8)))
INTERACTIONS = "interactions.parquet"
CUSTOMERS = "customers.parquet"


def answer(folder: Path, way: str) -> Path:
    """Return where a way writes its answer, sorted by as_of_date and customer_id."""
    return folder / "answers" / f"{way}.parquet"

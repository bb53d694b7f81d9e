"""What a run was made from, so that a figure of another company or question is recognised."""

from typing import Any

from pipeline.foundation import paths
from pipeline.io.snapshots import read_snapshots
from pipeline.io.tables import read_json


def made_from(source: str, gap_days: int, outcome_days: int) -> dict[str, Any]:
    """Return the source, how many customers it knows, and what window is asked about."""
    return {
        "source": source,
        "statement": read_json(paths.PROVENANCE)["statement"],
        "customers": read_snapshots().known_customers,
        "gap_days": gap_days,
        "outcome_days": outcome_days,
    }

"""What a run was made from, so that a figure of another company or question is recognised."""

from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.backtest_study import RunOrigin
from pipeline.foundation.contracts.hand_overs.provenance import Provenance
from pipeline.io.documents import read_document
from pipeline.io.snapshots import read_snapshots


def made_from(source: str, gap_days: int, outcome_days: int) -> RunOrigin:
    """Return the source, how many customers it knows, and what window is asked about."""
    return RunOrigin(
        source=source,
        statement=read_document(paths.PROVENANCE, Provenance).statement,
        customers=read_snapshots().known_customers,
        gap_days=gap_days,
        outcome_days=outcome_days,
    )

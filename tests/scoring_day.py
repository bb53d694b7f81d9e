"""The scoring-day documents and tables that stages read, for tests of stages."""

from collections.abc import Mapping
from datetime import date, timedelta

import pyarrow as pa

from pipeline.foundation.config import EngineParams
from pipeline.foundation.contracts.hand_overs.snapshot_dates import SnapshotDates
from pipeline.foundation.engines import open_engine
from pipeline.population.dates import OutcomeWindow, Snapshot
from pipeline.population.history import history
from pipeline.stages.population import write_snapshots


def snapshots_of(scoring: date) -> SnapshotDates:
    """Return four snapshots, the scoring one on a day and the others a month apart before it."""
    train, validation, test = (scoring - timedelta(days=days) for days in (84, 56, 28))
    return SnapshotDates(
        train=(train,),
        validation=validation,
        test=test,
        scoring=scoring,
        gap_days=0,
        outcome_days=28,
        known_customers=3,
    )


def write_scoring_day(tables: Mapping[str, pa.Table], scoring: date) -> None:
    """Write what `population` hands over of a company that is scored on a day."""
    looked_at = snapshots_of(scoring)
    dates = (
        *(Snapshot(day, "train") for day in looked_at.train),
        Snapshot(looked_at.validation, "validation"),
        Snapshot(looked_at.test, "test"),
        Snapshot(scoring, "scoring"),
    )
    window = OutcomeWindow(looked_at.gap_days, looked_at.outcome_days)
    with open_engine(EngineParams(name="duckdb", threads=1, memory_gb=1)) as engine:
        named = {name: engine.table(rows) for name, rows in tables.items()}
        past = history(engine, named, looked_at.all())
        write_snapshots(engine, past, dates, window)

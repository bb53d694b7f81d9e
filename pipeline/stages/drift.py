"""drift: tables, features and categories at the scoring day -> what has moved from its habit.

It needs no champion and changes nothing: `monthly` decides by it whether a wave is sent, and the
page shows it.
"""

import logging
from logging import INFO, WARNING

from pipeline.evaluation.data_drift import (
    DriftLimits,
    family_drift,
    judge_drift,
    new_categories_of,
    volume_of,
)
from pipeline.foundation import config, paths
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import run
from pipeline.io.documents import write_document
from pipeline.io.drift_inputs import (
    read_family_snapshots,
    read_first_events,
    read_rows_by_day,
)
from pipeline.io.snapshots import read_snapshots

log = logging.getLogger(__name__)


def main() -> None:
    """Write reports/drift.json."""
    params = config.load()
    dates = read_snapshots().all()
    scoring = dates[-1]
    with open_engine(params.engine) as engine:
        volumes = {name: volume_of(days, scoring) for name, days in read_rows_by_day(engine)}
        firsts = read_first_events(engine)
        families = {
            name: family_drift(snapshots)
            for name, snapshots in read_family_snapshots(engine, dates)
        }
    report = judge_drift(
        scoring,
        {name: one for name, one in volumes.items() if one is not None},
        {name: one for name, one in families.items() if one is not None},
        new_categories_of(firsts, scoring),
        DriftLimits(params.drift.stop_silent_days, params.drift.stop_volume_ratio),
    )
    write_document(report, paths.DRIFT_REPORT)
    for finding in report.findings:
        log.warning("%s", finding.reason)
    log.log(
        WARNING if report.stops() else INFO,
        "%s: %s tables and %s families looked at, %s to look at, %s of them stop the wave",
        scoring,
        len(report.tables),
        len(report.families),
        len(report.findings),
        len(report.stops()),
    )


if __name__ == "__main__":
    run(main)

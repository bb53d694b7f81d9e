"""How fast and how large: a family's whole windowed set against plain Polars and plain pandas.

    python -m benchmarks.features [<customers>] [<events>]

Everything that `channel_interactions` says of a customer at eight as-of dates, from one sorted
parquet file to another, each way in a process of its own. No figure is written before all answers
agree, column by column.
"""

import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.processes import run_alone
from benchmarks.windows.ledger import AS_OF_DATES, FAMILY, answer
from pipeline.foundation import config, paths
from pipeline.foundation.running import run
from pipeline.io.tables import write_json

log = logging.getLogger(__name__)
CUSTOMERS, EVENTS = 100_000, 5_000_000
OURS, *PLAIN = WAYS = ("this_project", "plain_polars", "plain_pandas")


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    seconds: float
    """From reading to written, without starting Python and its packages."""
    cpu_seconds: float
    """Of all threads, with starting; whatever else the machine does changes it little."""
    peak_mb: float


def main() -> None:
    """Measure all ways, compare their answers, and write what was found."""
    sizes = [int(text) for text in sys.argv[1:]]
    customers, events = sizes or (CUSTOMERS, EVENTS)
    threads = config.load().engine.threads
    with TemporaryDirectory() as name:
        folder = Path(name)
        _run("inputs", folder, threads, customers, events)
        costs = {way: _run(way, folder, threads) for way in WAYS}
        columns = _columns_that_agree(folder)
    found = {
        "family": FAMILY,
        "customers": customers,
        "events": events,
        "as_of_dates": len(AS_OF_DATES),
        "columns_that_agree": columns,
        "threads": threads,
        "seconds": {way: round(cost.seconds, 2) for way, cost in costs.items()},
        "cpu_seconds": {way: round(cost.cpu_seconds, 2) for way, cost in costs.items()},
        "peak_mb": {way: round(cost.peak_mb) for way, cost in costs.items()},
        "times_as_fast_as": {
            way: round(costs[way].seconds / costs[OURS].seconds, 2) for way in PLAIN
        },
        "share_of_peak_memory_of": {
            way: round(costs[OURS].peak_mb / costs[way].peak_mb, 2) for way in PLAIN
        },
    }
    write_json(found, paths.benchmark("features"))
    log.info("%s", json.dumps(found))


def _run(way: str, folder: Path, threads: int, *sizes: int) -> Cost:
    """Run one way in a process of its own."""
    done = run_alone(
        "benchmarks.windows",
        way,
        str(folder),
        *map(str, sizes),
        environment={"POLARS_MAX_THREADS": str(threads)},
    )
    return Cost(float(done.output), done.cpu_seconds, done.peak_mb)


def _columns_that_agree(folder: Path) -> int:
    # Imports pandas, which this process must not hold while it starts the others.
    from benchmarks.windows.agreement import check  # noqa: PLC0415

    (columns,) = {check(answer(folder, OURS), answer(folder, way)) for way in PLAIN}
    return columns


if __name__ == "__main__":
    run(main)

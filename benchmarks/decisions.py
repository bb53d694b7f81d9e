"""How long and how large: `decide` and `export` for a million customers, step by step.

    python -m benchmarks.decisions [<customers>]

The company of the last run is drawn anew at that size, with capacities and a budget that bind, and
with offer codes; its offers go to the generic package and to a machine's. Each stage runs in a
process of its own. What the models say of each offer is left out: it is told at the pace of `score`.
"""

import json
import logging
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from benchmarks.processes import run_alone
from benchmarks.wave.drawing import KEY, PACKAGES, draw_company
from pipeline.foundation import config, paths
from pipeline.foundation.running import run
from pipeline.io.tables import write_json
from pipeline.stages.decide import KEY_VARIABLE

log = logging.getLogger(__name__)
CUSTOMERS = 1_000_000


def main() -> None:
    """Draw the company, measure both stages, and write what was found."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS
    there = pq.read_metadata(paths.table(paths.VALIDATED, "customers")).num_rows
    with TemporaryDirectory() as name:
        folder = Path(name)
        customers = draw_company(Path(), folder, copies=-(-wanted // there))
        stages = {stage: measure(stage, folder) for stage in ("decide", "export")}
    found = {
        "customers": customers,
        "threads": config.load().engine.threads,
        "engine_memory_gb": config.load().engine.memory_gb,
        "packages": list(PACKAGES),
        **stages,
    }
    write_json(found, paths.benchmark("decisions"))
    log.info("%s", json.dumps(found))


def measure(stage: str, folder: Path) -> dict[str, Any]:
    """Run one stage in the folder of a company and return what it took, whole and by step."""
    here = {KEY_VARIABLE: KEY, "PYTHONPATH": os.fspath(Path.cwd())}
    done = run_alone("benchmarks.wave", stage, environment=here, folder=folder)
    steps = json.loads(done.output)
    return {
        "seconds": round(sum(cost["seconds"] for cost in steps.values()), 1),
        "cpu_seconds": round(done.cpu_seconds, 1),
        "peak_mb": round(done.peak_mb),
        "steps": {
            name: {what: round(figure, 1) for what, figure in cost.items()}
            for name, cost in steps.items()
        },
    }


if __name__ == "__main__":
    run(main)

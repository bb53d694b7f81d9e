"""Measure every stage at several sizes: `python -m benchmarks.scale [<customers> ...]`.

Runs in folders of its own, goes on where it was stopped, and asserts nothing: seconds are those of
the machine it runs on. To measure a stage anew, remove its file in `costs`, or the whole folder.
"""

import logging
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import yaml

from benchmarks.scale.costs import Cost, count_rows, measure
from benchmarks.scale.growth import growth_of
from benchmarks.scale.page import write_page
from benchmarks.scale.stages import stages_of
from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.running import run
from pipeline.io.tables import write_json

log = logging.getLogger(__name__)
SIZES = (20_000, 100_000, 1_000_000)
SHORTER_HISTORIES = {1_000_000: {"periods": 16, "activity": 0.2}}
"""What makes a million customers a company of fifty million rows, which a laptop is to take."""
PAGE = Path("docs/performance.md")
EMPTY = (paths.BACKTESTS, paths.WAVES, paths.RESPONSES, paths.INCOMING, paths.PULLED)
"""What a run reads that no stage writes: here nobody has sealed or delivered anything."""


def main() -> None:
    """Measure what is not measured yet, then write the figures and the page."""
    params = config.load()
    sizes = sorted(int(text) for text in sys.argv[1:]) or list(SIZES)
    costs: list[Cost] = []
    for size in sizes:
        costs += _costs(params, size)
        _write(params, costs)


def _write(params: Params, costs: Sequence[Cost]) -> None:
    write_json({"costs": [asdict(cost) for cost in costs]}, paths.benchmark("scale"))
    write_page(growth_of(costs), params.engine.threads, PAGE)


def _costs(params: Params, customers: int) -> list[Cost]:
    folder = paths.TEMPORARY / "scale" / str(customers)
    _found(folder, customers)
    costs = []
    for stage in stages_of(Path("dvc.yaml"), params):
        costs.append(measure(stage, folder.resolve(), Path.cwd(), customers))
        log.info("%d customers: %s", customers, asdict(costs[-1]))
    rows = count_rows(folder / paths.RAW)
    return [replace(cost, rows=rows) for cost in costs]


def _found(folder: Path, customers: int) -> None:
    """Make the folder of a company, unless it is there."""
    for empty in EMPTY:
        (folder / empty).mkdir(parents=True, exist_ok=True)
    content = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    content["source"]["name"] = "simulated"
    content["source"]["simulated"] |= {
        "customers": customers,
        **SHORTER_HISTORIES.get(customers, {}),
    }
    (folder / paths.PARAMS).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


if __name__ == "__main__":
    run(main)

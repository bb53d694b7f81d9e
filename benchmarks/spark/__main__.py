"""Run every stage on DuckDB and on Spark and compare: `python -m benchmarks.spark [<customers> [<cluster>]]`.

Runs in folders of its own and goes on where it was stopped; remove `data/tmp/spark` to begin anew.
With `cluster`, Spark is one master and two workers on this machine's loopback, each a process of its
own, and its tables lie in a storage outside of the project's folder.
"""

import logging
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import yaml

from benchmarks.processes import run_alone
from benchmarks.scale.__main__ import EMPTY
from benchmarks.scale.stages import Stage, stages_of
from benchmarks.spark.cluster import standalone_cluster
from benchmarks.spark.comparison import as_lines, compare_folders
from pipeline.foundation import config, paths
from pipeline.foundation.errors import BrokenCheckError
from pipeline.foundation.running import run

log = logging.getLogger(__name__)
CUSTOMERS = 5000
TO_THE_END = "benchmarks.spark.to_the_end"
SHORT: Mapping[tuple[str, ...], object] = {
    ("source", "simulated", "periods"): 18,
    ("products", "min_outcomes"): 20,
    ("snapshots", "count"): 6,
    ("tune", "trials"): 3,
    ("tune", "max_trees"): 60,
    ("evaluate", "bootstrap_replicates"): 30,
}
"""What makes a run short and leaves every stage its work."""
COMPARED = tuple(
    f"data/{name}"
    for name in [
        "validated",
        "quarantine",
        "population",
        "features",
        "tuning",
        "evaluation",
        "scores",
        "segments",
        "recommendations",
        "effects",
        "offers",
        "exports",
        "handed_over",
        "measurement",
    ]
)


def main() -> None:
    """Run both, and write what differs."""
    given = [text for text in sys.argv[1:] if text != "cluster"]
    customers = int(given[0]) if given else CUSTOMERS
    is_cluster = "cluster" in sys.argv
    root = paths.TEMPORARY / "spark" / str(customers)
    expected = _run(root / "duckdb", customers, {"name": "duckdb"})
    name = "cluster" if is_cluster else "spark"
    with standalone_cluster() if is_cluster else nullcontext(None) as master:
        engine: dict[str, Any] = {"name": "spark", "spark": {"master": master}}
        if master is not None:
            engine["storage"] = f"file://{(root / 'storage').absolute()}"
        found = _run(root / name, customers, engine)
    told = compare_folders(expected, found, COMPARED)
    page = "\n".join([*_seconds_lines(expected, found), *as_lines(told), ""])
    (root / f"{name}.md").write_text(page, encoding="utf-8")
    sys.stdout.write(page)
    differing = [one.name for one in told if one.differing]
    if differing:
        raise BrokenCheckError(
            "the same tables on both engines", ", ".join(differing), f"See {root / f'{name}.md'}."
        )


def _run(folder: Path, customers: int, engine: Mapping[str, object]) -> Path:
    """Run every stage that has not run in a folder yet."""
    for empty in (*EMPTY, Path("done")):
        (folder / empty).mkdir(parents=True, exist_ok=True)
    _write_params(folder, customers, engine)
    for stage in stages_of(Path("dvc.yaml"), config.load(folder / paths.PARAMS)):
        done = folder / "done" / stage.name
        if not done.exists():
            seconds = _processor_seconds(stage, folder)
            log.info("%s: %s, %.1f s of processor", folder.name, stage.name, seconds)
            done.write_text(f"{seconds:.1f}\n", encoding="utf-8")
    return folder


def _processor_seconds(stage: Stage, folder: Path) -> float:
    """Run a stage, and return what Python and Java took together."""
    environment = {"PYTHONPATH": str(Path.cwd())}
    command = [stage.module, *stage.arguments]
    return run_alone(TO_THE_END, *command, environment=environment, folder=folder).cpu_seconds


def _seconds_lines(expected: Path, found: Path) -> list[str]:
    """Return a line of Markdown for each stage: its processor seconds on both engines."""
    lines = ["| stage | duckdb | spark |", "|---|---|---|"]
    for done in sorted((expected / "done").iterdir(), key=lambda one: one.stat().st_mtime_ns):
        other = (found / "done" / done.name).read_text(encoding="utf-8")
        lines.append(
            f"| {done.name} | {done.read_text(encoding='utf-8').strip()} | {other.strip()} |"
        )
    return [*lines, ""]


def _write_params(folder: Path, customers: int, engine: Mapping[str, object]) -> None:
    content = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    content["source"]["name"] = "simulated"
    content["source"]["simulated"]["customers"] = customers
    content["engine"] |= engine
    for place, value in SHORT.items():
        section = content
        for name in place[:-1]:
            section = section[name]
        section[place[-1]] = value
    (folder / paths.PARAMS).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


if __name__ == "__main__":
    run(main)

"""What a stage costs in a folder of its own, beside the least that its bytes can cost."""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq

from benchmarks.processes import run_alone
from benchmarks.scale.stages import Stage


@dataclass(frozen=True)
class Cost:
    """Of one stage at one size."""

    stage: str
    customers: int
    wall_seconds: float
    cpu_seconds: float
    """Of all threads, with starting."""
    peak_mb: float
    read_mb: float
    """Of the files that it depends on, as they lie on the disk."""
    written_mb: float
    floor_seconds: float
    """Processor seconds of a scan of those files and a copy of what it wrote."""
    rows: int = 0
    """Of all raw tables of the company."""

    @property
    def rows_a_customer(self) -> float:
        """Return how much history a customer has."""
        return self.rows / self.customers


def measure(stage: Stage, folder: Path, project: Path, customers: int) -> Cost:
    """Run a stage where it was not run before; else return what it cost then.

    Args:
        stage: which.
        folder: of the company, where the stage runs.
        project: whose code it is.
        customers: of the company.
    """
    kept = folder / "costs" / f"{stage.name}.json"
    if kept.is_file():
        return Cost(**json.loads(kept.read_text(encoding="utf-8")))
    start = time.perf_counter()
    done = run_alone(
        stage.module, *stage.arguments, environment={"PYTHONPATH": str(project)}, folder=folder
    )
    wall = time.perf_counter() - start
    reads, writes = _files(folder, stage.reads), _files(folder, stage.writes)
    cost = Cost(
        stage.name,
        customers,
        round(wall, 2),
        round(done.cpu_seconds, 2),
        round(done.peak_mb),
        _megabytes(reads),
        _megabytes(writes),
        round(_floor(reads, writes), 3),
    )
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(asdict(cost), indent=2) + "\n", encoding="utf-8")
    return cost


def count_rows(folder: Path) -> int:
    """Return the rows of all parquet files of a folder."""
    return sum(pq.read_metadata(path).num_rows for path in folder.glob("*.parquet"))


def _files(folder: Path, entries: Iterable[Path]) -> list[Path]:
    paths = [folder / entry for entry in entries]
    found = {path for path in paths if path.is_file()}
    found |= {one for path in paths for one in path.rglob("*") if one.is_file()}
    return sorted(found)


def _megabytes(files: Iterable[Path]) -> float:
    return round(sum(path.stat().st_size for path in files) / 1e6, 2)


def _floor(reads: Iterable[Path], writes: Iterable[Path]) -> float:
    start = time.process_time()
    for path in reads:
        _scan(path)
    with TemporaryDirectory() as name:
        for path in writes:
            (Path(name) / "copy").write_bytes(path.read_bytes())
    return time.process_time() - start


def _scan(path: Path) -> None:
    if path.suffix != ".parquet":
        path.read_bytes()
        return
    with pq.ParquetFile(path) as file:
        for _ in file.iter_batches():
            pass

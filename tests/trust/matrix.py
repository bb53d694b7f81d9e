"""The same bytes in every environment: the stages by hand, in one after the other, and compared.

    python -m tests.trust.matrix <folder of a files company> [--until STAGE] [--only NAME]
        [--python <another interpreter with the packages of requirements.lock> ...]

Several things differ at once against one baseline; only where bytes differ is it worth asking which
of them it is. Hashes stay in data/tmp/trust/matrix, so that a later call goes on where this one ended.
Shuffled rows change data/raw, which is as it was handed over; from data/validated on they may not.
"""

import argparse
import json
import logging
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import yaml

from tests.workspace import copy_project

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "data/tmp/trust/matrix"
SEED = 18
_NOT_WRITTEN = ("data/tmp", "data/incoming", "data/backtests")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Surroundings:
    """Where a run takes place."""

    name: str
    folder: str
    python: str = sys.executable
    threads: int = 2
    memory_gb: int = 2
    cores: str | None = None
    """As `taskset --cpu-list` takes them; all without."""
    umask: int = 0o022
    is_shuffled: bool = False
    """The rows of every file, and the order in which the files were put into their folder."""
    environment: Mapping[str, str] = field(default_factory=dict)


MATRIX = (
    Surroundings("baseline", "run", environment={"TZ": "UTC", "PYTHONHASHSEED": "0"}),
    Surroundings(
        "one core",
        "año nuevo ☂ run",
        threads=1,
        memory_gb=1,
        cores="0",
        umask=0o077,
        environment={"TZ": "Asia/Kolkata", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1"},
    ),
    Surroundings(
        "four threads, shuffled rows",
        "it's a % (run)",
        threads=4,
        memory_gb=4,
        is_shuffled=True,
        environment={"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "random"},
    ),
)


def prepare(company: Path, place: Path, where: Surroundings) -> Path:
    """Make a project in those surroundings; return its folder.

    Args:
        company: a folder with `params.yaml`, whose source is `files`, and `data/incoming`.
        place: below which the project is made.
        where: it is to run.
    """
    project = place / where.folder
    project.mkdir(parents=True)
    copy_project(project, {})
    given = yaml.safe_load((company / "params.yaml").read_text(encoding="utf-8"))
    given["engine"] |= {"threads": where.threads, "memory_gb": where.memory_gb}
    for section in given.values():
        if isinstance(section, dict) and "threads" in section:
            section["threads"] = where.threads
    (project / "params.yaml").write_text(yaml.safe_dump(given), encoding="utf-8")
    files = sorted((company / "data/incoming").glob("*.csv"))
    for path in reversed(files) if where.is_shuffled else files:
        target = project / "data/incoming" / path.name
        if where.is_shuffled:
            header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
            random.Random(SEED).shuffle(rows)  # noqa: S311 - no secret
            target.write_text("".join((header, *rows)), encoding="utf-8")
        else:
            shutil.copyfile(path, target)
    return project


def start(project: Path, where: Surroundings, until: str) -> dict[str, str]:
    """Run the stages; return path -> hash of what they wrote."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DVC_", "GIT_", "MLFLOW_", "LC_", "LANG", "TZ", "PYTHON"))
    }
    pinned = ["taskset", "--cpu-list", where.cores] if where.cores else []
    subprocess.run(
        [*pinned, where.python, "-m", "tests.by_hand", until],
        cwd=project,
        env={**kept, **where.environment},
        umask=where.umask,
        check=True,
    )
    found = [*(project / "data").rglob("*"), *(project / "reports").rglob("*")]
    names = {path.relative_to(project).as_posix(): path for path in sorted(found) if path.is_file()}
    return {
        name: sha256(path.read_bytes()).hexdigest()
        for name, path in names.items()
        if _is_written(name)
    }


def _is_written(name: str) -> bool:
    return not name.startswith(_NOT_WRITTEN) and not name.endswith((".gitignore", "README.md"))


def different(base: Mapping[str, str], other: Mapping[str, str], where: Surroundings) -> list[str]:
    """Return the files that differ, or that only one of both has."""
    files = sorted({*base, *other})
    return [
        name
        for name in files
        if base.get(name) != other.get(name)
        and not (where.is_shuffled and name.startswith("data/raw/"))
    ]


def of_python(python: str) -> Surroundings:
    """Return the baseline's surroundings with another interpreter."""
    told = subprocess.run([python, "--version"], capture_output=True, text=True, check=True)
    return replace(MATRIX[0], name=told.stdout.strip(), python=python)


def main() -> None:
    """Run the matrix, and say of each surroundings how many files there are and which differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("company", type=Path)
    parser.add_argument("--until", default="report")
    parser.add_argument("--only", choices=[one.name for one in MATRIX])
    parser.add_argument("--python", nargs="+", default=[])
    given = parser.parse_args()
    matrix = (*MATRIX, *map(of_python, given.python))
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    RESULTS.mkdir(parents=True, exist_ok=True)
    for where in matrix:
        path = RESULTS / f"{given.until} {where.name}.json"
        if path.exists() or given.only not in {None, where.name}:
            continue
        with tempfile.TemporaryDirectory(prefix="matrix-") as place:
            project = prepare(given.company, Path(place), where)
            hashes = start(project, where, given.until)
        path.write_text(json.dumps(hashes, indent=1, sort_keys=True), encoding="utf-8")
    tell(given.until, matrix)


def tell(until: str, matrix: Sequence[Surroundings]) -> None:
    """Log a line for each surroundings that have run."""
    base = _read(until, MATRIX[0])
    for where in matrix:
        hashes = _read(until, where)
        differing = different(base, hashes, where)
        log.info("%s: %d files, %d differ: %s", where.name, len(hashes), len(differing), differing)


def _read(until: str, where: Surroundings) -> dict[str, str]:
    """Return the hashes of a run; none where it has not run yet."""
    path = RESULTS / f"{until} {where.name}.json"
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: digest for name, digest in known.items() if _is_written(name)}


if __name__ == "__main__":
    main()

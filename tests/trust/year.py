"""A year of months: a small company runs `monthly --send` twelve times in a row, and what is left then.

    python -m tests.trust.year <folder> [--customers 500] [--months 12]

The folder gets a copy of the project with a git history of its own, in which a simulated company lives
on by 28 days a month through the waves that were sealed; its customers answer each wave before the
next. A month that was done is not done again, so a call that was stopped goes on. After each, a line
in `months.jsonl`: the status, minutes, bytes by place, and the checksums of what was sealed.
"""

import argparse
import json
import logging
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from pipeline.foundation.config import MODEL_NAMES
from tests.workspace import IDENTITY, SMALL, Workspace, copy_project

ACCEPT = [word for one in ("gate", "drift", "claims") for word in ("--accept", one)]
"""Five hundred customers prove little; what is accepted stands in each month's status."""
KEPT = ("params.yaml", "dvc.lock", "data/champion", "reports")
"""What a run changes and git holds (docs/production.md)."""
PLACES = {
    "data": ("data",),
    "waves and responses": ("data/waves", "data/responses"),
    "cache": (".dvc/cache",),
    "mlflow.db": ("mlruns/mlflow.db",),
    "artifacts": ("mlruns/artifacts",),
    "git": (".git",),
}
_PERIODS = 20
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Year:
    """A folder with a project and what was noted of its months."""

    folder: Path

    @property
    def project(self) -> Workspace:
        return Workspace(self.folder / "project")

    @property
    def notes(self) -> Path:
        return self.folder / "months.jsonl"

    def months(self) -> list[dict[str, Any]]:
        """Return what was noted of each month that was done."""
        if not self.notes.exists():
            return []
        return [json.loads(line) for line in self.notes.read_text(encoding="utf-8").splitlines()]


def begin(year: Year, customers: int) -> None:
    """Make the project, where it is not there yet: a company of its own, one thread."""
    if (year.project.folder / ".git").exists():
        return
    year.project.folder.mkdir(parents=True)
    threads = {
        f"{one}.threads": 1 for one in ("engine", "tune", "train", "effects", "segment", "measure")
    }
    size = {"source.simulated.customers": customers, "source.simulated.periods": _PERIODS}
    copy_project(year.project.folder, {**SMALL, **size, **threads})


def live(year: Year, month: int) -> dict[str, Any]:
    """Run a month, let the customers answer its wave, and keep what belongs to the repository."""
    project = year.project
    _reach(project, month)
    began = time.monotonic()
    done = project.attempt("python", "-m", "pipeline.commands.monthly", "--send", *ACCEPT)
    seconds = time.monotonic() - began
    (year.folder / f"month_{month:02d}.log").write_text(done.stderr, encoding="utf-8")
    status = json.loads(done.stdout)
    if status["status"] not in {"sent", "already_sent"}:
        raise SystemExit(f"month {month}: {status}")
    project.run("python", "-m", "pipeline.commands.simulate_responses")
    project.run("git", "add", "--all", *KEPT)
    project.run(
        "git", *IDENTITY, "commit", "--quiet", "--allow-empty", "--message", f"Month {month}"
    )
    return {
        "month": month,
        "seconds": round(seconds),
        "status": status,
        "bytes": {name: sum(map(_size, places)) for name, places in _places(project).items()},
        "sealed": sealed_files(project),
    }


def _reach(project: Workspace, month: int) -> None:
    """Let the company's records reach to the month's day; the first month is that of `periods`."""
    path = project.folder / "params.yaml"
    params = yaml.safe_load(path.read_text(encoding="utf-8"))
    params["source"]["simulated"]["later_periods"] = month - 1
    path.write_text(yaml.safe_dump(params, sort_keys=False), encoding="utf-8")


def _places(project: Workspace) -> Mapping[str, list[Path]]:
    return {name: [project.folder / one for one in names] for name, names in PLACES.items()}


def _size(place: Path) -> int:
    files = [place] if place.is_file() else place.rglob("*")
    return sum(one.stat().st_size for one in files if one.is_file())


def sealed_files(project: Workspace) -> dict[str, str]:
    """Return path -> SHA-256 of all that was sealed, the seals too."""
    waves = project.folder / "data/waves"
    return {
        path.relative_to(waves).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(waves.rglob("*"))
        if path.is_file() and path.suffix in {".parquet", ".json"}
    }


def findings(year: Year) -> Iterator[tuple[str, bool]]:
    """Yield what must hold of the months that were done, and whether it does."""
    project, months = year.project, year.months()
    waves = [month["status"]["wave"] for month in months]
    now = sealed_files(project)
    yield f"{len(waves)} waves are sealed", {f"{one}.parquet" for one in waves} <= set(now)
    unchanged = all(
        now.get(name) == digest for one in months for name, digest in one["sealed"].items()
    )
    yield "every file of a wave has the bytes that it was sealed with", unchanged
    check = "from pipeline.foundation.wave_seals import check_seals; check_seals()"
    yield "their seals verify", project.attempt("python", "-c", check).returncode == 0
    project.run("dvc", "repro", "--single-item", "measure")
    measured = project.json("reports/measurement.json")
    concluded = {name for name, one in measured["waves"].items() if "conclusion" in one}
    yield "every wave is measured", concluded == set(waves)
    repeated = measured["responses"]["findings"].get("repeated_response", {"rows": 0})["rows"]
    yield f"of {measured['responses']['rows']} responses none counts as repeated", repeated == 0
    yield from _recorded(project, months)
    told = project.run("python", "-m", "pipeline.commands.status")
    yield "status names the last wave", waves[-1] in told
    commits = project.run("git", "log", "--format=%s").splitlines()
    yield "git holds every month", all(f"Month {one['month']}" in commits for one in months)


def _recorded(project: Workspace, months: list[dict[str, Any]]) -> Iterator[tuple[str, bool]]:
    """Yield what MLflow must know: a run a month, who scored in each, and who is champion now."""
    with sqlite3.connect(project.folder / "mlruns/mlflow.db") as store:
        results = _texts(store, "select value from tags where key = 'result'")
        named = _texts(
            store,
            "select value from tags where key = 'champion_version' "
            "union select value from params where key like 'champion.%'",
        )
        aliases = _texts(store, "select name from registered_model_aliases where alias='champion'")
    yield f"MLflow holds a run a month: {len(results)}", len(results) == len(months)
    champions = {model: _champions(project, model) for model in MODEL_NAMES}
    known = [one for scored in champions.values() for one in scored]
    yield f"whose runs name every champion that scored: {len(set(known))}", set(known) <= set(named)
    yield "and who is champion of each model", sorted(aliases) == sorted(MODEL_NAMES)


def _champions(project: Workspace, model: str) -> list[str]:
    """Return which version scored in each month, as git has it."""
    path = f"data/champion/simulated/{model}/verdict.json"
    commits = project.run("git", "log", "--reverse", "--format=%H", "--grep=^Month ").split()
    verdicts = [json.loads(project.run("git", "show", f"{one}:{path}")) for one in commits]
    return [str(one["champion"]["version"]) for one in verdicts if one["champion"]]


def _texts(store: sqlite3.Connection, query: str) -> list[str]:
    return [str(text) for (text,) in store.execute(query)]


def main() -> None:
    """Live through the months that are left, then say what holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--customers", type=int, default=500)
    parser.add_argument("--months", type=int, default=12)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    year = Year(given.folder.resolve())
    begin(year, given.customers)
    for month in range(len(year.months()) + 1, given.months + 1):
        lived = live(year, month)
        with year.notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps(lived) + "\n")
        megabytes = {name: round(size / 1e6, 1) for name, size in lived["bytes"].items()}
        log.info("month %d: %d s, %s, %s MB", month, lived["seconds"], lived["status"], megabytes)
    holds = list(findings(year))
    for finding, is_held in holds:
        log.info("%s: %s", "holds" if is_held else "BROKEN", finding)
    sys.exit(not all(is_held for _, is_held in holds))


if __name__ == "__main__":
    main()

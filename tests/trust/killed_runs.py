"""Kill whole runs at random moments until one comes to its end; then hold it to an undisturbed one.

    python -m tests.trust.killed_runs [--customers N] [--kills N] [--seeds N ...]

`dvc repro` is started in a fresh copy of the project, and it and all that it started are killed,
again and again: each start goes on where the one before was killed. The last one is left alone.
What counts is that every output has the bytes of an undisturbed run in another copy, that MLflow
holds the result once, and that nothing more is left in data/tmp.
"""

import argparse
import json
import logging
import os
import random
import re
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.workspace import Workspace, copy_project, environment

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "data/tmp/trust/runs"
SHORTEST, LONGEST = 3, 40
"""Seconds until a kill: DVC takes some to begin, most stages of a small run fewer than the rest."""
_STAGE = re.compile(r"^Running stage '(.+)':", re.MULTILINE)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kill:
    """One kill of a whole run."""

    after_seconds: float
    stage: str
    """That DVC had begun last; empty where it had begun none."""
    hit: bool
    """Whether the run had not ended by itself."""


def kill_runs(project: Workspace, kills: int, seed: int) -> list[Kill]:
    """Start the run and kill it, so many times; fewer where it ends before."""
    drawn = random.Random(seed)  # noqa: S311 - no secret
    found: list[Kill] = []
    while len(found) < kills and (not found or found[-1].hit):
        seconds = drawn.uniform(SHORTEST, LONGEST)
        with tempfile.TemporaryFile("w+") as said:
            hit = not _ends_within(project, seconds, said)
            said.seek(0)
            begun = _STAGE.findall(said.read())
        found.append(Kill(round(seconds, 1), begun[-1] if begun else "", hit))
        log.info("%s", found[-1])
    return found


def _ends_within(project: Workspace, seconds: float, said: Any) -> bool:
    process = subprocess.Popen(
        ["dvc", "repro"],
        cwd=project.folder,
        env=environment(),
        stdout=said,
        stderr=said,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
    return True


def outputs(folder: Path) -> dict[str, str]:
    """Return path -> hash of what each stage wrote; what MLflow calls its runs differs anyway."""
    lock: Mapping[str, Any] = yaml.safe_load((folder / "dvc.lock").read_text(encoding="utf-8"))
    return {
        out["path"]: out["md5"]
        for name, stage in lock["stages"].items()
        if name != "track"
        for out in stage["outs"]
    }


def judge(project: Workspace, undisturbed: Workspace) -> dict[str, Any]:
    """Say what is there after the last run, beside the undisturbed one."""
    done = project.attempt("dvc", "repro")
    if done.returncode:
        return {"ended": "lost", "said": (done.stdout + done.stderr)[-2000:]}
    want, found = outputs(undisturbed.folder), outputs(project.folder)
    differ = sorted(path for path in {*want, *found} if want.get(path) != found.get(path))
    with sqlite3.connect(project.folder / "mlruns/mlflow.db") as session:
        (results,) = session.execute("select count(*) from tags where key = 'result'").fetchone()
    left = sorted(_leftovers(project.folder) - _leftovers(undisturbed.folder))
    is_same = not differ and results == 1 and not left
    return {
        "ended": "recovered" if is_same else "lost",
        "outputs": len(found),
        "differ": differ,
        "results": results,
        "left": left,
    }


def _leftovers(folder: Path) -> set[str]:
    """Return the names of what is in data/tmp; locks stay there, and hold nothing."""
    return {one.name for one in (folder / "data/tmp").glob("*") if one.suffix != ".lock"}


def main() -> None:
    """Kill one run after the other, a study a seed, and write what came of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=500)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seeds", type=int, nargs="+", default=[18])
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    RESULTS.mkdir(parents=True, exist_ok=True)
    changes = {"source.simulated.customers": given.customers}
    with tempfile.TemporaryDirectory(prefix="killed-") as folder:
        undisturbed = copy_project(Path(folder, "undisturbed"), changes)
        undisturbed.run("dvc", "repro")
        for seed in given.seeds:
            project = copy_project(Path(folder, str(seed)), changes)
            kills = kill_runs(project, given.kills, seed)
            result = {"kills": [asdict(kill) for kill in kills], **judge(project, undisturbed)}
            written = json.dumps(result, indent=1)
            (RESULTS / f"{seed}.json").write_text(written, encoding="utf-8")
            log.info("%s", written)


if __name__ == "__main__":
    main()

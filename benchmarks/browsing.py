"""How long a person waits among many results: `python -m benchmarks.browsing RUN [1000] [200]`.

RUN is the folder of a finished run. In a copy of it the store is filled with 1,000 results as
`benchmarks.experiments` fills it; then `make ui` is started on it and asked what its pages ask: the
page of runs, a search, a comparison of ten results, the registered models. Each is asked three times,
the middle one is told. Beside 200 experiments of DVC, `make experiments` and `make status` are timed.
"""

import json
import logging
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from benchmarks.experiments import STORE, copy_run, repeat
from pipeline.commands.ui import HOST, PORT

log = logging.getLogger(__name__)

ADDRESS = f"http://{HOST}:{PORT}"
REST = f"{ADDRESS}/ajax-api/2.0/mlflow"
_TIMES = 3
_PAGE = 100
_COMPARED = 10


def ask(path: str, body: Mapping[str, Any] | None = None) -> Any:
    """Return what the server answers, as the UI asks it."""
    data = None if body is None else json.dumps(body).encode()
    asked = Request(f"{REST}/{path}", data, {"Content-Type": "application/json"})  # noqa: S310 - this machine's own
    with urlopen(asked, timeout=300) as answer:  # noqa: S310 - the same
        return json.load(answer)


def start(folder: Path) -> tuple["subprocess.Popen[bytes]", float]:
    """Start `make ui`'s command; return it and the seconds until its page answers."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.commands.ui"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while process.poll() is None:
        try:
            with urlopen(ADDRESS, timeout=60):
                return process, time.monotonic() - began
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit(f"the server ended; is port {PORT} free?")


def pages(experiment: str) -> Mapping[str, Callable[[], Any]]:
    """Return what a person looks at, by name."""
    runs = {"experiment_ids": [experiment], "max_results": _PAGE, "run_view_type": "ACTIVE_ONLY"}
    by_metric = runs | {"order_by": ["metrics.`cross_sell.auc` DESC"]}
    found = [run["info"]["run_id"] for run in ask("runs/search", by_metric)["runs"]][:_COMPARED]
    bulk = "&".join(f"run_id={run}" for run in found)
    return {
        "experiments": lambda: ask("experiments/search", {"max_results": _PAGE}),
        "runs, the latest first": lambda: ask(
            "runs/search", runs | {"order_by": ["attributes.start_time DESC"]}
        ),
        "runs by a metric": lambda: ask("runs/search", by_metric),
        "a search by metric and tag": lambda: ask(
            "runs/search",
            runs | {"filter": "metrics.`cross_sell.auc` > 0.5 and tags.source = 'simulated'"},
        ),
        "a result's models and trials": lambda: ask(
            "runs/search", runs | {"filter": f"tags.`mlflow.parentRunId` = '{found[0]}'"}
        ),
        "ten results compared": lambda: [
            *(ask(f"runs/get?run_id={run}") for run in found),
            ask(f"metrics/get-history-bulk?metric_key=cross_sell.auc&{bulk}"),
        ],
        "registered models": lambda: ask("registered-models/search"),
        "the versions of one": lambda: ask(
            "model-versions/search?max_results=100&filter=name%3D%27cross_sell%27"
        ),
        "logged models": lambda: ask(
            "logged-models/search", {"experiment_ids": [experiment], "max_results": _PAGE}
        ),
    }


def seconds(call: Callable[[], Any]) -> float:
    """Return the middle of several times."""
    return median(_once(call) for _ in range(_TIMES))


def _once(call: Callable[[], Any]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


def measure(folder: Path) -> dict[str, float]:
    """Return the seconds of the start and of each page."""
    with sqlite3.connect(folder / STORE) as store:
        query = "select experiment_id from experiments where name = 'propensity'"
        (experiment,) = store.execute(query).fetchone()
    process, started = start(folder)
    try:
        asked = {name: seconds(call) for name, call in pages(str(experiment)).items()}
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
    return {"start": started} | asked


def add_experiments(folder: Path, count: int) -> None:
    """Give a project so many experiments of one parameter and one figure, as `dvc exp save` keeps them.

    Each is a commit under `refs/exps/<baseline>/<name>`; DVC takes four seconds to make one.
    """
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "The run")
    head = _git(folder, "rev-parse", "HEAD").strip()
    written = "".join(_experiment(folder, head, number) for number in range(count))
    _git(folder, "fast-import", "--quiet", given=written)


def _git(folder: Path, *arguments: str, given: str = "") -> str:
    """Return what git says."""
    who = ("-c", "user.name=browsing", "-c", "user.email=browsing@example.org")
    done = subprocess.run(  # noqa: S603 - arguments of this module's own
        ["git", *who, *arguments],  # noqa: S607 - the git of the path
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        input=given,
    )
    return done.stdout


def _experiment(folder: Path, head: str, number: int) -> str:
    """Return one experiment for `git fast-import`."""
    changed = {
        "params.yaml": (r"(bootstrap_replicates: )\d+", 1000 + number),
        "reports/metrics/wave.json": (r'("contacted": )\d+', number),
    }
    files = []
    for name, (pattern, value) in changed.items():
        before = (folder / name).read_text(encoding="utf-8")
        after = re.sub(pattern, rf"\g<1>{value}", before, count=1)
        files.append(f"M 644 inline {name}\ndata {len(after.encode())}\n{after}\n")
    said = f"dvc: commit experiment {number:064d}"
    return (
        f"commit refs/exps/{head[:2]}/{head[2:]}/exp-{number:04d}\n"
        f"committer browsing <browsing@example.org> {1_800_000_000 + number} +0000\n"
        f"data {len(said)}\n{said}\nfrom {head}\n{''.join(files)}\n"
    )


def show_experiments(folder: Path, count: int) -> None:
    """Ask for what `make experiments` tells, in all columns; it only leaves some of them out."""
    said = _say("dvc", "exp", "show", "--md", folder=folder)
    if said.count("[exp-") != count:
        raise SystemExit(f"{count} experiments were made, {said.count('[exp-')} are shown")


def _say(module: str, *arguments: str, folder: Path) -> str:
    """Return what a module of this environment says."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(  # noqa: S603 - modules of this environment
        command, cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


def _processor_seconds(call: Callable[[], Any]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    call()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure_experiments(folder: Path, count: int) -> dict[str, float]:
    """Return the processor's seconds of showing experiments, new and seen, and of the status."""
    add_experiments(folder, count)
    return {
        "experiments shown for the first time": _processor_seconds(
            lambda: show_experiments(folder, count)
        ),
        "shown again": _processor_seconds(lambda: show_experiments(folder, count)),
        "status": _processor_seconds(lambda: _say("pipeline.commands.status", folder=folder)),
    }


def main() -> None:
    """Measure with one result in the store, and with many; then beside many experiments."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    run = Path(sys.argv[1]).resolve()
    times, experiments = map(int, (*sys.argv[2:], *("1000", "200")[len(sys.argv[2:]) :]))
    for results in (1, times):
        with tempfile.TemporaryDirectory(prefix="browsing-") as place:
            folder = Path(place) / "run"
            copy_run(run, folder)
            recorded, runs = repeat(folder / STORE, results)
            log.info("%d results, %d runs", recorded, runs)
            for name, took in measure(folder).items():
                log.info("  %s: %.2f s", name, took)
    with tempfile.TemporaryDirectory(prefix="browsing-") as place:
        folder = Path(place) / "run"
        copy_run(run, folder)
        for name, took in measure_experiments(folder, experiments).items():
            log.info("%d %s: %.1f s of processor", experiments, name, took)


if __name__ == "__main__":
    main()

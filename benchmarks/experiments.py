"""How long recording a result takes in a store of many: `python -m benchmarks.experiments RUN [1000]`.

RUN is the folder of a finished run. In a copy of it, what the store holds is repeated so often:
results, models, trials, figures and registered versions. `track` runs twice beside them: once for a
result that is there, and once for one that is new.
"""

import logging
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

log = logging.getLogger(__name__)

STORE = "mlruns/mlflow.db"
_RUN = {"run_uuid": "run_uuid || '-' || n"}
_VERSION = {"version": "version + 1000 * n"}


def _linked(keys: str) -> dict[str, str]:
    return {"value": f"case when key in ({keys}) then value || '-' || n else value end"}


_REPEATED: Mapping[str, Mapping[str, str]] = {
    "runs": _RUN,
    "tags": _RUN | _linked("'result', 'mlflow.parentRunId'"),
    "params": _RUN,
    "metrics": _RUN,
    "latest_metrics": _RUN,
    "model_versions": _VERSION,
    "model_version_tags": _VERSION | _linked("'model_version'"),
}
"""Tables of the store, and what is another in the n-th repetition."""
_IGNORED = (".venv", "__pycache__", "cache", "features", "raw", "validated", "population", "tmp")


def copy_run(run: Path, folder: Path) -> None:
    """Copy a run without what `track` does not read, and let its store know its new place."""
    shutil.copytree(run, folder, ignore=shutil.ignore_patterns(*_IGNORED))
    with sqlite3.connect(folder / STORE) as store:
        place = (folder / "mlruns/artifacts").as_uri()
        store.execute("update experiments set artifact_location = ?", [place])


def repeat(path: Path, times: int) -> tuple[int, int]:
    """Repeat all that a store holds; return how many results and runs it has then."""
    with sqlite3.connect(path) as store:
        for table, rewritten in _REPEATED.items():
            _insert(store, table, rewritten, times)
        counts = "select count(*) from tags where key = 'result'", "select count(*) from runs"
        results, runs = (int(store.execute(one).fetchone()[0]) for one in counts)
    return results, runs


def _insert(
    store: sqlite3.Connection, table: str, rewritten: Mapping[str, str], times: int
) -> None:
    names = [str(row[1]) for row in store.execute(f"pragma table_info({table})")]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(rewritten.get(name, f'"{name}"') for name in names)
    store.execute(
        f"with recursive t(n) as (select 1 union all select n + 1 from t where n < {times - 1}) "  # noqa: S608 - names of the store's own
        f"insert into {table} ({columns}) select {values} from {table}, t where n < {times}"
    )


def seconds(folder: Path) -> float:
    """Return the processor's time that `track` takes, whatever else the machine does."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "pipeline.stages.track"], cwd=folder, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure with one result in the store, and with many."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    run, times = Path(sys.argv[1]).resolve(), int((*sys.argv[2:], "1000")[0])
    for results in (1, times):  # in times of what the store holds
        with tempfile.TemporaryDirectory(prefix="experiments-") as place:
            folder = Path(place) / "run"
            copy_run(run, folder)
            recorded, runs = repeat(folder / STORE, results)
            known = seconds(folder)
            with sqlite3.connect(folder / STORE) as store:
                store.execute("update tags set value = 'x' || value where key = 'result'")
            log.info(
                "%d results, %d runs: %.1f s where it is recorded, %.1f s where it is new",
                *(recorded, runs, known, seconds(folder)),
            )


if __name__ == "__main__":
    main()

"""track: everything that was written -> one MLflow run for every distinct result.

A cache hit of DVC runs no command, so nothing is tracked while a model is made. This stage comes
last and reads what the others wrote; running it again adds nothing.
"""

import hashlib
import json
import logging
import os
from pathlib import Path

from pipeline.foundation import config, paths
from pipeline.foundation.running import run
from pipeline.io.dvc_lock import read_lock
from pipeline.io.tables import write_json
from pipeline.io.tracked_result import read_result, what_is_read
from pipeline.tracking.code_state import read_code_state
from pipeline.tracking.location import locate
from pipeline.tracking.result import written_hashes
from pipeline.tracking.store import record

log = logging.getLogger(__name__)


def main() -> None:
    """Record the result that the other stages wrote."""
    params = config.load()
    source = params.source.name
    lock = read_lock(paths.DVC_LOCK, without="track")
    text = json.dumps(lock, sort_keys=True).encode()
    tags = {**read_code_state(), "dvc_lock": hashlib.sha256(text).hexdigest(), **_experiment()}
    hashes = written_hashes(lock, what_is_read(source))
    result = read_result(source, tuple(params.models), hashes, tags)
    root = Path(os.environ.get("DVC_ROOT", "."))
    location = locate(root / paths.TRACKING, os.environ.get("MLFLOW_TRACKING_URI"))
    (root / paths.TRACKING).mkdir(exist_ok=True)
    is_new = record(result, location, params.track.experiment)
    write_json({"result": result.key}, paths.TRACKED)
    log.info(
        "%s: %s with %s models and %s trials",
        result.name,
        "recorded" if is_new else "is recorded already",
        len(result.models),
        sum(len(model.trials) for model in result.models),
    )


def _experiment() -> dict[str, str]:
    """Return the name of the experiment that DVC runs, where it runs one."""
    name = os.environ.get("DVC_EXP_NAME")
    return {} if name is None else {"dvc_experiment": name}


if __name__ == "__main__":
    run(main)

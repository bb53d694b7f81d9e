"""track: everything that was written -> one MLflow run for every distinct result.

A cache hit of DVC runs no command, so nothing is tracked while a model is made. This stage comes
last and reads what the others wrote; running it again adds nothing.
"""

import logging

from pipeline.foundation import config, paths
from pipeline.foundation.running import run
from pipeline.io.dvc_lock import read_lock
from pipeline.io.tables import write_json
from pipeline.io.tracked_result import read_result, what_is_read
from pipeline.io.tracking_context import open_location, origin_tags
from pipeline.tracking.result import used_params, written_hashes
from pipeline.tracking.store import record

log = logging.getLogger(__name__)


def main() -> None:
    """Record the result that the other stages wrote."""
    params = config.load()
    source = params.source.name
    lock = read_lock(paths.DVC_LOCK, without="track")
    hashes = written_hashes(lock, what_is_read(source))
    result = read_result(source, tuple(params.models), hashes, origin_tags(lock), used_params(lock))
    is_new = record(result, open_location(), params.track.experiment)
    write_json({"result": result.key}, paths.TRACKED)
    log.info(
        "%s: %s with %s models and %s trials",
        result.name,
        "recorded" if is_new else "is recorded already",
        len(result.models),
        sum(len(model.trials) for model in result.models),
    )


if __name__ == "__main__":
    run(main)

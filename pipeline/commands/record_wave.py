"""record_wave: the wave that the champions scored as they are -> one MLflow run, once.

`track` records what was trained; it needs what a training leaves behind, which a fresh clone that
only scores does not have.
"""

import logging

from pipeline.foundation import config, paths
from pipeline.foundation.running import run
from pipeline.io.dvc_lock import read_lock
from pipeline.io.tracked_wave import read_wave, what_makes_a_wave
from pipeline.io.tracking_context import open_location, origin_tags
from pipeline.tracking.result import written_hashes
from pipeline.tracking.store import record

log = logging.getLogger(__name__)


def main() -> None:
    """Record the wave that was decided last."""
    params = config.load()
    lock = read_lock(paths.DVC_LOCK, without="track")
    hashes = written_hashes(lock, what_makes_a_wave())
    wave = read_wave(params.source.name, tuple(params.models), hashes, origin_tags(lock))
    is_new = record(wave, open_location(), params.track.experiment)
    log.info("%s: %s", wave.name, "recorded" if is_new else "is recorded already")


if __name__ == "__main__":
    run(main)

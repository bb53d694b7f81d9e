"""ui: open the MLflow UI on the runs that `track` recorded."""

import logging
import os
import sys

from pipeline.foundation import config, paths
from pipeline.foundation.errors import DataError
from pipeline.foundation.running import run
from pipeline.tracking.location import STORE_FILE, Location, locate
from pipeline.tracking.store import runs_page

log = logging.getLogger(__name__)

HOST, PORT = "127.0.0.1", 5000


def main() -> None:
    """Become the server of the store; a team's server is only named."""
    location = locate(paths.TRACKING, os.environ.get("MLFLOW_TRACKING_URI"))
    if location.is_served:
        log.info("runs are recorded on %s: open it in a browser", location.uri)
        return
    if location.is_local and not (paths.TRACKING / STORE_FILE).exists():
        raise DataError(f"runs in {paths.TRACKING}", "none", "Run make repro first.")
    # MLflow's jobs judge traces of language models: seven processes of 240 MB, before a page answers.
    os.environ.setdefault("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false")
    page = runs_page(location, config.load().track.experiment)
    log.info("open http://%s:%s%s (Ctrl+C stops the server)", HOST, PORT, page)
    os.execv(sys.executable, command(location))  # noqa: S606 - signals reach the server itself


def command(location: Location) -> list[str]:
    """Return the command that serves a store to this machine only."""
    return [
        sys.executable,
        *("-m", "mlflow", "server", "--workers", "1"),
        *("--backend-store-uri", location.uri),
        *("--host", HOST, "--port", str(PORT)),
    ]


if __name__ == "__main__":
    run(main)

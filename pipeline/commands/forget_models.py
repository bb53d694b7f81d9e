"""forget_models: MLflow's files of models that neither score nor were trained last, removed.

Each holds the model and the code that it needs, some megabytes; they are most of what `mlruns/` grows
by. Runs, figures, trials and pages stay, and git has every champion. `mlflow gc` removes for good what
was deleted in the UI before, too. Called by hand, while no run is under way; no DVC stage.
"""

import logging
import os
import subprocess
import sys

from pipeline.foundation import config, paths
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.foundation.running import run
from pipeline.tracking.location import STORE_FILE, locate
from pipeline.tracking.store import forget_models

log = logging.getLogger(__name__)


def main() -> None:
    """Delete the versions that no alias names, then their files."""
    location = locate(paths.TRACKING, os.environ.get("MLFLOW_TRACKING_URI"))
    if not location.is_local:
        raise ConfigurationError(
            "runs in this project's own store",
            f"those of {location.uri}",
            "A team's server is cleaned by whoever runs it: delete there, and call mlflow gc.",
        )
    if not (paths.TRACKING / STORE_FILE).exists():
        raise DataError(f"runs in {paths.TRACKING}", "none", "Run make repro first.")
    before = _bytes()
    forgotten = forget_models(location, config.load().models)
    both = ("--backend-store-uri", location.uri, "--tracking-uri", location.uri)  # it asks for both
    cleaning = [sys.executable, "-m", "mlflow", "gc", *both]
    subprocess.run(cleaning, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - MLflow's own command
    log.info(
        "%d models forgotten; %s held %.1f MB and holds %.1f MB",
        *(forgotten, paths.TRACKING, before, _bytes()),
    )


def _bytes() -> float:
    """Return the megabytes of all that is recorded."""
    return sum(one.stat().st_size for one in paths.TRACKING.rglob("*") if one.is_file()) / 1e6


if __name__ == "__main__":
    run(main)

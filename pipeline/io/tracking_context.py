"""Where a result is recorded and what is said of how it came about: store, commit, lock, experiment."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.foundation import paths
from pipeline.tracking.code_state import read_code_state
from pipeline.tracking.first_store import make_store
from pipeline.tracking.location import Location, locate
from pipeline.tracking.server_probe import require_server


def open_location() -> Location:
    """Return the team's server, which must answer, or the project's own store, which is made."""
    folder = Path(os.environ.get("DVC_ROOT", ".")) / paths.TRACKING
    folder.mkdir(exist_ok=True)
    location = locate(folder, os.environ.get("MLFLOW_TRACKING_URI"))
    if location.is_local:
        make_store(folder)
    require_server(location)
    return location


def origin_tags(lock: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags that say which code and which `dvc.lock` made a result.

    Args:
        lock: parsed, without the entry of the stage that records.
    """
    text = json.dumps(lock, sort_keys=True).encode()
    return {**read_code_state(), "dvc_lock": hashlib.sha256(text).hexdigest(), **_experiment()}


def _experiment() -> dict[str, str]:
    """Return the name of the experiment that DVC runs, where it runs one."""
    name = os.environ.get("DVC_EXP_NAME")
    return {} if name is None else {"dvc_experiment": name}

"""What makes a result distinct: the hashes of everything that the other stages wrote.

Code and parameters do not count: if they changed nothing that was written, the result is the same.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def written_hashes(lock: Mapping[str, Any]) -> dict[str, str]:
    """Return path -> hash of every output in a parsed `dvc.lock`."""
    return {
        output["path"]: output[output.get("hash", "md5")]
        for _, stage in sorted(lock["stages"].items())
        for output in stage.get("outs", ())
    }


def result_key(hashes: Mapping[str, str]) -> str:
    """Return the SHA-256 of paths and hashes, whatever their order."""
    return hashlib.sha256(json.dumps(sorted(hashes.items())).encode()).hexdigest()

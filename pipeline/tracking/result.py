"""What makes a result distinct: the hashes of what the other stages wrote and `track` reads.

Code and parameters do not count: if they changed nothing that was written, the result is the same.
Nor does what the stage does not depend on, since DVC would not run it for that.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any


def written_hashes(lock: Mapping[str, Any], read: Collection[Path]) -> dict[str, str]:
    """Return path -> hash of the outputs in a parsed `dvc.lock` that are, or lie in, what is read."""
    return {
        output["path"]: output[output.get("hash", "md5")]
        for _, stage in sorted(lock["stages"].items())
        for output in stage.get("outs", ())
        if any(Path(output["path"]).is_relative_to(path) for path in read)
    }


def used_params(lock: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of `params.yaml` that the stages of a parsed `dvc.lock` used, by dotted path.

    Lists are told as JSON; a section that several stages read is told once.
    """
    used: dict[str, str] = {}
    for _, stage in sorted(lock["stages"].items()):
        for values in stage.get("params", {}).values():
            used |= _spelt_out(values, "params")
    return used


def _spelt_out(value: object, path: str) -> dict[str, str]:
    if isinstance(value, Mapping) and value:
        parts = [_spelt_out(inner, f"{path}.{name}") for name, inner in value.items()]
        return {name: text for part in parts for name, text in part.items()}
    return {path: value if isinstance(value, str) else json.dumps(value)}


def result_key(hashes: Mapping[str, str]) -> str:
    """Return the SHA-256 of paths and hashes, whatever their order."""
    return hashlib.sha256(json.dumps(sorted(hashes.items())).encode()).hexdigest()

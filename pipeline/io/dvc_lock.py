"""What DVC wrote of the stages that ran before."""

from pathlib import Path
from typing import Any

import yaml

from pipeline.foundation.errors import DataError


def read_lock(path: Path, without: str) -> dict[str, Any]:
    """Return `dvc.lock` without one stage's own entry.

    Raises:
        DataError: it is not there.
    """
    if not path.exists():
        raise DataError(f"what DVC wrote in {path}", "no such file", "Run it through dvc repro.")
    lock: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    others = {name: stage for name, stage in lock["stages"].items() if name != without}
    return {**lock, "stages": others}

"""What DVC wrote of the stages that ran before."""

import json
from hashlib import file_digest, md5
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


def check_outputs(path: Path, folder: Path) -> None:
    """Hold outputs against the MD5 that `dvc.lock` has of them, every byte read anew.

    DVC looks at time and size of a file first, and a stage at the content alone: a bit that flips on
    the disk passes both. Outputs that are not there are not asked; nor is any without a lock.

    Args:
        path: of `dvc.lock`.
        folder: the outputs in it.

    Raises:
        DataError: one is another than its stage left.
    """
    stages = read_lock(path, without="")["stages"] if path.exists() else {}
    outs = [out for stage in stages.values() for out in stage.get("outs", [])]
    asked = {Path(out["path"]): str(out["md5"]) for out in outs if "md5" in out}
    for place, recorded in sorted(asked.items()):
        if place.is_relative_to(folder) and place.exists() and _md5_of(place) != recorded:
            raise DataError(
                f"{place} as its stage wrote it",
                f"another content than {path} tells: a hand, a stage by itself or the disk changed it",
                f"Remove {place}, and run dvc repro: it puts back what belongs there.",
            )


def _md5_of(place: Path) -> str:
    """Return the hash as DVC writes it: of a folder, that of the list of its files."""
    if place.is_file():
        with place.open("rb") as file:
            return file_digest(file, lambda: md5(usedforsecurity=False)).hexdigest()
    listed = [
        {"md5": _md5_of(file), "relpath": file.relative_to(place).as_posix()}
        for file in place.rglob("*")
        if file.is_file()
    ]
    ordered = sorted(listed, key=lambda one: one["relpath"])
    return f"{md5(json.dumps(ordered).encode(), usedforsecurity=False).hexdigest()}.dir"

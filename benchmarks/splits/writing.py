"""Write one package in a process of its own: `python -m benchmarks.splits.writing <profile> <customers> <folder>`.

Writes to standard output what it took, as JSON: the table in memory first, then the package.
"""

import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from benchmarks.splits.drawing import REASONS, draw
from pipeline.exports import profiles
from pipeline.exports.package import write_package
from pipeline.exports.profile import Profile

MODELS = ("up_sell", "cross_sell")


def declared(name: str) -> Profile:
    """Return a profile with the files that are made of offers."""
    profile = profiles.find(name).expand(MODELS, REASONS)
    return replace(profile, files=tuple(file for file in profile.files if file.rows == "offers"))


def write(profile: Profile, offers: pa.Table, folder: Path) -> None:
    """Write the package into the folder, by the project's own writer."""

    def open_file(name: str) -> BinaryIO:
        return (folder / name).open("wb")

    write_package(profile, {"offers": offers}, open_file, {}, "ES")


def main() -> None:
    """Draw the offers, write the package, and say what both took."""
    name, customers, folder = sys.argv[1:]
    offers = draw(int(customers))
    before, began, cpu = _peak_mb(), time.monotonic(), time.process_time()
    write(declared(name), offers, Path(folder))
    took = {
        "seconds": round(time.monotonic() - began, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "table_mb": round(offers.nbytes / 1e6),
        "peak_before_mb": before,
        "peak_mb": _peak_mb(),
    }
    sys.stdout.write(json.dumps(took))


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()

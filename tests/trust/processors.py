"""The same tables on another processor: floats may differ in their last bits, nothing else may.

    python -m tests.trust.processors <folder of a files company>

NumPy, OpenBLAS and the C library choose how they compute by what the processor can. Their own
switches let them take it for an older one, so that one machine shows what two would.
"""

import argparse
import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.spark.comparison import as_lines, compare_folders
from tests.trust.matrix import MATRIX, Surroundings, prepare, start

_KERNELS: Sequence[str] = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
OLDER = Surroundings(
    "an older processor",
    "older",
    environment={
        **MATRIX[0].environment,
        "NPY_DISABLE_CPU_FEATURES": " ".join(_KERNELS),
        "OPENBLAS_CORETYPE": "Nehalem",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA,-FMA4,-AVX",
    },
)
FOLDERS = ("data", "reports")
log = logging.getLogger(__name__)


def main() -> None:
    """Run the company on both, and say which tables differ, and by how much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("company", type=Path)
    parser.add_argument("--until", default="report")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with tempfile.TemporaryDirectory(prefix="processors-") as place:
        here = prepare(given.company, Path(place, "here"), MATRIX[0])
        there = prepare(given.company, Path(place, "there"), OLDER)
        ours, theirs = start(here, MATRIX[0], given.until), start(there, OLDER, given.until)
        differ = sorted(name for name in ours if ours[name] != theirs.get(name))
        log.info("%d files, %d with other bytes: %s", len(ours), len(differ), differ)
        found = compare_folders(here, there, FOLDERS)
        for line in as_lines([one for one in found if one.differing or one.largest]):
            log.info("%s", line)
        log.info(
            "%d tables, %d cells, %d differ beyond a relative 1e-9; largest difference %.1e",
            len(found),
            sum(one.cells for one in found),
            sum(one.differing for one in found),
            max(one.largest for one in found),
        )


if __name__ == "__main__":
    main()

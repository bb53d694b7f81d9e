"""Run one step in a process of its own: `python -m benchmarks.windows <way> <folder>`.

The inputs are a step too. Writes to standard output how many seconds it took from reading to
written, imports aside.
"""

import importlib
import sys
import time
from pathlib import Path


def main() -> None:
    """Compute, and say how long it took."""
    way, folder, *sizes = sys.argv[1:]
    module = importlib.import_module(f"benchmarks.windows.{way}")
    started = time.perf_counter()
    if way == "inputs":
        module.write_inputs(Path(folder), *map(int, sizes))
    else:
        module.compute(Path(folder))
    sys.stdout.write(f"{time.perf_counter() - started}")


if __name__ == "__main__":
    main()

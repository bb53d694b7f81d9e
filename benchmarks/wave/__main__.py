"""Run one stage in a process of its own: `python -m benchmarks.wave decide|export`.

Runs in the folder of the drawn company, and writes to standard output the cost of every step.
"""

import json
import logging
import sys

from benchmarks.wave import steps


def main() -> None:
    """Run the stage, and say what its steps took."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    stage = {"decide": steps.run_decide, "export": steps.run_export}[sys.argv[1]]
    sys.stdout.write(json.dumps(stage()))


if __name__ == "__main__":
    main()

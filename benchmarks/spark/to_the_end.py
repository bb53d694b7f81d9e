"""Run a module until what it started has ended too: `python -m benchmarks.spark.to_the_end <module>`.

A stage does not wait for the Java that it started. This process does, so that whoever waits for it is
told the processor seconds of both.
"""

import ctypes
import os
import subprocess
import sys

ADOPT_ORPHANS = 36
"""PR_SET_CHILD_SUBREAPER of Linux: children that are left by their parent become one's own."""


def main() -> int:
    """Return the exit code of the module."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1, 0, 0, 0)
    code = subprocess.run([sys.executable, "-m", *sys.argv[1:]], check=False).returncode  # noqa: S603 - as asked
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return code


if __name__ == "__main__":
    sys.exit(main())

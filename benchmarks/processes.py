"""What one process takes: its time, its processor and its memory."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.foundation.errors import BrokenCheckError

# A process counts the memory of whoever started it until it has a program of its own, so one of
# 10 MB starts what is measured.
START = """
import json, os, sys
kept, *command = sys.argv[1:]
process = os.posix_spawn(command[0], command, os.environ)
_, status, usage = os.wait4(process, 0)
with open(kept, "w") as file:
    json.dump([usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024], file)
sys.exit(abs(os.waitstatus_to_exitcode(status)))
"""


@dataclass(frozen=True)
class Finished:
    """A process that came to its end."""

    output: str
    """What it wrote to standard output."""
    cpu_seconds: float
    """Of all threads, with starting; whatever else the machine does changes it little."""
    peak_mb: float


def run_alone(
    module: str, *arguments: str, environment: Mapping[str, str], folder: Path | None = None
) -> Finished:
    """Run a module in a process of its own.

    Args:
        module: of this project.
        arguments: of its command line.
        environment: beside this process's own.
        folder: where it runs; here by default.

    Raises:
        BrokenCheckError: the process failed; what it wrote to standard error says why.
    """
    command = [sys.executable, "-m", module, *arguments]
    with TemporaryDirectory() as temporary:
        kept = Path(temporary, "usage.json")
        process = subprocess.run(  # noqa: S603 - this project's own module
            [sys.executable, "-I", "-S", "-c", START, kept, *command],
            stdout=subprocess.PIPE,
            env={**os.environ, **environment},
            cwd=folder,
            check=False,
            text=True,
        )
        cpu_seconds, peak_mb = json.loads(kept.read_text(encoding="utf-8"))
    if process.returncode != 0:
        raise BrokenCheckError(
            f"that {module} {' '.join(arguments)} comes to an end",
            f"exit code {process.returncode}",
            "See the traceback above.",
        )
    return Finished(process.stdout, cpu_seconds, peak_mb)

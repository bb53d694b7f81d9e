"""What one process takes: its time, its processor and its memory."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from pipeline.foundation.errors import BrokenCheckError


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
    """Run a module in a process of its own; the caller stays small: a child starts as its copy.

    Args:
        module: of this project.
        arguments: of its command line.
        environment: beside this process's own.
        folder: where it runs; here by default.

    Raises:
        BrokenCheckError: the process failed; what it wrote to standard error says why.
    """
    command = [sys.executable, "-m", module, *arguments]
    with TemporaryFile("w+", encoding="utf-8") as output:
        process = subprocess.Popen(  # noqa: S603 - this project's own module
            command, stdout=output, env={**os.environ, **environment}, cwd=folder
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        raise BrokenCheckError(
            f"that {module} {' '.join(arguments)} comes to an end",
            f"exit code {process.returncode}",
            "See the traceback above.",
        )
    return Finished(text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

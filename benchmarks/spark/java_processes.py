"""Processes of Spark on this machine's loopback, started by PySpark's own scripts."""

import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.foundation.errors import BrokenCheckError

HOST = "127.0.0.1"
PATIENCE_SECONDS = 180
JavaProcess = subprocess.Popen[bytes]


def start_script(
    name: str, arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> JavaProcess:
    """Start a script of PySpark's `bin`, which becomes Java itself, in the folder of its log."""
    import pyspark  # noqa: PLC0415 - optional, and only its folder is needed

    home = Path(pyspark.__file__).parent
    own = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST}
    with log.open("ab") as file:
        return subprocess.Popen(  # noqa: S603 - PySpark's own script
            [str(home / "bin" / name), *arguments],
            env={**os.environ, **own, **(environment or {})},
            stdout=file,
            stderr=file,
            cwd=log.parent,
        )


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        port: int = one.getsockname()[1]
        return port


def wait_for(port: int, processes: Sequence[JavaProcess], logs: Path) -> None:
    """Return when something listens on a port.

    Raises:
        BrokenCheckError: nothing does in time, or a process ended; the logs in the folder say why.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and all(one.poll() is None for one in processes):
        with socket.socket() as one:
            if one.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.5)
    told = "".join(log.read_text(encoding="utf-8") for log in sorted(logs.glob("*.log")))
    raise BrokenCheckError(
        f"a Spark that listens within {PATIENCE_SECONDS} s",
        told.strip() or "nothing in its log",
        "Look at java on the PATH and at JDK_JAVA_OPTIONS.",
    )


def stop(processes: Sequence[JavaProcess]) -> None:
    """Stop processes, the last one first, and wait until they are gone."""
    for process in reversed(processes):
        process.terminate()
    for process in processes:
        process.wait()

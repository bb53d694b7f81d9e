"""Real servers for tests: MLflow's, on a port of this machine that is free."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

SECONDS_TO_START = 600  # of a machine that does ten other things; by itself some fifteen


@contextmanager
def started(
    arguments: Sequence[str], health: str, log: Path, more: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Start `mlflow <arguments> --port <a free one>`; give its address, once it answers `health`.

    Its environment is that of the tests, and `more`.
    """
    address = f"127.0.0.1:{_free_port()}"
    host, _, port = address.partition(":")
    environment = {
        **os.environ,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # what it never asks; minutes to start
        **(more or {}),
    }
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    with (
        log.open("w") as file,
        subprocess.Popen(
            [sys.executable, "-m", "mlflow", *arguments, "--host", host, "--port", port],
            stdout=file,
            stderr=file,
            env=environment,
            start_new_session=True,
        ) as server,
    ):
        try:
            _wait_for(f"http://{address}{health}", server, log)
            yield f"http://{address}"
        finally:
            os.killpg(server.pid, 15)


def _wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - this machine's own
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.25)
    raise AssertionError(log.read_text())


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])

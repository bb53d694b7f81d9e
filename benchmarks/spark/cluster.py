"""One master and two workers of Spark on this machine's loopback, each a process of its own."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.foundation.errors import BrokenCheckError

HOST = "127.0.0.1"
WORKERS = 2
PATIENCE_SECONDS = 180
_PACKAGE = "org.apache.spark.deploy"


@contextmanager
def standalone_cluster(cores: int = 1, memory_mb: int = 1500) -> Iterator[str]:
    """Start a cluster of PySpark's own jars, give its address, and stop it."""
    import pyspark  # noqa: PLC0415 - optional, and only its folder is needed

    home = Path(pyspark.__file__).parent
    port = _free_port()
    address = f"spark://{HOST}:{port}"
    processes: list[subprocess.Popen[bytes]] = []
    with TemporaryDirectory(prefix="propensity-cluster-") as folder:
        try:
            master = ["--host", HOST, "--port", str(port), "--webui-port", "0"]
            processes.append(_start(home, Path(folder), "master.Master", master))
            _wait_for(port, processes, Path(folder))
            size = ["--cores", str(cores), "--memory", f"{memory_mb}m", "--host", HOST]
            for place in range(WORKERS):
                own = ["--webui-port", "0", "--work-dir", f"{folder}/work-{place}", *size, address]
                processes.append(_start(home, Path(folder), "worker.Worker", own))
            yield address
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in processes:
                process.wait()


def _start(home: Path, folder: Path, name: str, arguments: list[str]) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST}
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - PySpark's own script
            [str(home / "bin" / "spark-class"), f"{_PACKAGE}.{name}", *arguments],
            env=environment,
            stdout=log,
            stderr=log,
            cwd=folder,
        )


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        port: int = one.getsockname()[1]
        return port


def _wait_for(port: int, processes: "list[subprocess.Popen[bytes]]", folder: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and all(one.poll() is None for one in processes):
        with socket.socket() as one:
            if one.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.5)
    told = "".join(log.read_text(encoding="utf-8") for log in sorted(folder.glob("*.log")))
    raise BrokenCheckError(
        f"a master of Spark within {PATIENCE_SECONDS} s",
        told.strip() or "none",
        "Look at java on the PATH and at JDK_JAVA_OPTIONS.",
    )

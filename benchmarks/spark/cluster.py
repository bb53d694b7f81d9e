"""One master and two workers of Spark on this machine's loopback, each a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.spark.java_processes import (
    HOST,
    JavaProcess,
    free_port,
    start_script,
    stop,
    wait_for,
)

WORKERS = 2
_PACKAGE = "org.apache.spark.deploy"


@contextmanager
def standalone_cluster(cores: int = 1, memory_mb: int = 1500) -> Iterator[str]:
    """Start a cluster of PySpark's own jars, give its address, and stop it."""
    port = free_port()
    address = f"spark://{HOST}:{port}"
    processes: list[JavaProcess] = []
    with TemporaryDirectory(prefix="propensity-cluster-") as folder:
        try:
            master = ["--host", HOST, "--port", str(port), "--webui-port", "0"]
            processes.append(_start(Path(folder), "master.Master", master))
            wait_for(port, processes, Path(folder))
            size = ["--cores", str(cores), "--memory", f"{memory_mb}m", "--host", HOST]
            for place in range(WORKERS):
                own = ["--webui-port", "0", "--work-dir", f"{folder}/work-{place}", *size, address]
                processes.append(_start(Path(folder), "worker.Worker", own))
            yield address
        finally:
            stop(processes)


def _start(folder: Path, name: str, arguments: list[str]) -> JavaProcess:
    return start_script("spark-class", [f"{_PACKAGE}.{name}", *arguments], folder / f"{name}.log")

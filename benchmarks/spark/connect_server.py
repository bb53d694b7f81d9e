"""A server of Spark Connect on this machine's loopback, which stays up from stage to stage."""

import sys
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
from pipeline.foundation.engines.spark import COMPILED

_CLASS = "org.apache.spark.sql.connect.service.SparkConnectServer"


@contextmanager
def connect_server(threads: int = 2, memory_mb: int = 1500) -> Iterator[str]:
    """Start a server of so many threads, give the address for SPARK_REMOTE, and stop it."""
    port = free_port()
    processes: list[JavaProcess] = []
    with TemporaryDirectory(prefix="propensity-connect-") as folder:
        settings = {
            "spark.connect.grpc.binding.address": HOST,
            "spark.connect.grpc.binding.port": str(port),
            "spark.local.dir": folder,
            "spark.sql.shuffle.partitions": str(threads),
            "spark.sql.codegen.cache.maxEntries": COMPILED,
            "spark.ui.enabled": "false",
        }
        told = [text for name, value in settings.items() for text in ("--conf", f"{name}={value}")]
        size = ["--master", f"local[{threads}]", "--driver-memory", f"{memory_mb}m"]
        command = ["--class", _CLASS, *size, *told, "spark-internal"]
        try:
            log = Path(folder, "server.log")
            own = {"PYSPARK_PYTHON": sys.executable}
            processes.append(start_script("spark-submit", command, log, own))
            wait_for(port, processes, Path(folder))
            yield f"sc://{HOST}:{port}"
        finally:
            stop(processes)

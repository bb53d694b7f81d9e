"""Spark, started locally: the optional engine. What it writes is what DuckDB writes.

Memory tables and steps are parquet files in a temporary folder, so that one way of reading keeps
every type. Needs the dependency group `spark` and Java 17 or newer.
"""

import os
import shutil
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import pipeline
from pipeline.foundation import paths
from pipeline.foundation.batch_files import write_batches
from pipeline.foundation.config import EngineParams
from pipeline.foundation.engines.base import BatchFunction
from pipeline.foundation.errors import ConfigurationError

ROW_GROUP = 122_880  # as DuckDB's
LOGGING = """\
rootLogger.level = error
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n
"""


def start(params: EngineParams) -> "SparkEngine":
    """Start Spark in this process's own Java machine.

    Raises:
        ConfigurationError: PySpark or Java is not installed.
    """
    _check_java()
    # Functions of `map_batches` run in this Python, unless the cluster has one of its own.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return SparkEngine(_builder(), params.threads, params.memory_gb)


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        raise ConfigurationError(
            "Java 17 or newer for engine.name spark",
            f"no java in JAVA_HOME ({home})" if home else "no java on the PATH",
            "Install a Java runtime, or set engine.name to duckdb in params.yaml.",
        )


def _builder() -> Any:
    try:
        with _unwarned():
            from pyspark.sql import SparkSession  # noqa: PLC0415 - optional, and takes seconds
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "the package pyspark for engine.name spark",
            f"no module {error.name!r}",
            "Install it with `pip install --require-hashes -r requirements-spark.lock`, or set "
            "engine.name to duckdb in params.yaml.",
        ) from error
    return SparkSession.builder


@contextmanager
def _unwarned() -> Iterator[None]:
    """Silence PySpark about pandas 3: nothing here passes through pandas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet", FutureWarning)
        yield


class SparkEngine:
    """A local Spark behind Ibis."""

    def __init__(self, builder: Any, threads: int, memory_gb: float) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="propensity-")
        settings = _settings(Path(self._folder.name), threads, memory_gb)
        with _unwarned():
            self._session = builder.config(map=settings).getOrCreate()
            self._connection = ibis.pyspark.connect(self._session)
        self._has_shipped_code = False

    @property
    def is_distributed(self) -> bool:
        """Say that executors compute."""
        return True

    def read(self, path: Path) -> ir.Table:
        """Return a parquet file as an expression."""
        return self._connection.read_parquet(path)

    def table(self, data: pa.Table | pd.DataFrame | pa.RecordBatchReader) -> ir.Table:
        """Return a table in memory as an expression; of a reader's, no more than a batch is held."""
        path = self._new_path("memory")
        if isinstance(data, pa.RecordBatchReader):
            return self.read(write_batches(data, path))
        if isinstance(data, pd.DataFrame):
            data = pa.Table.from_pandas(data, preserve_index=False)
        pq.write_table(data, path)
        return self.read(path)

    def materialize(self, expression: ir.Table) -> ir.Table:
        """Compute an expression into a temporary folder."""
        return self._keep(self._frame(expression))

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression into memory."""
        with _unwarned():
            return self._frame(expression).toArrow().cast(_schema(expression))

    def in_memory(self, function: Callable[[pa.Table], pa.Table], expression: ir.Table) -> ir.Table:
        """Return what a function makes of a small table."""
        return self.table(function(self.arrow(expression)))

    def map_batches(
        self, function: BatchFunction, expression: ir.Table, schema: pa.Schema
    ) -> ir.Table:
        """Apply a function to the rows on the executors, which are sent this package's code."""
        self._ship_code()
        with _unwarned():
            from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - optional

            returned = from_arrow_schema(schema, prefer_timestamp_ntz=True)
            return self._keep(self._frame(expression).mapInArrow(function, returned))

    def write(self, expression: ir.Table, path: Path, sort_by: Sequence[str]) -> int:
        """Write one sorted parquet file, from the one part that Spark is made to write."""
        parts = self._new_path("parts")
        ordered = self._frame(expression).repartition(1).sortWithinPartitions(*sort_by)
        ordered.write.parquet(str(parts))
        with paths.replacing(path) as partial:
            _rewrite(sorted(parts.glob("part-*.parquet")), partial, _schema(expression))
        shutil.rmtree(parts)
        return int(pq.read_metadata(path).num_rows)

    def close(self) -> None:
        """Stop Spark and remove what it kept."""
        self._session.stop()
        self._folder.cleanup()

    def _keep(self, frame: Any) -> ir.Table:
        path = self._new_path("step")
        frame.write.parquet(str(path))
        return self.read(path)

    def _ship_code(self) -> None:
        """Send this package to the executors, where functions that are pickled look for it."""
        if self._has_shipped_code:
            return
        root = Path(pipeline.__file__).parent
        archive = Path(self._folder.name, "code", f"{root.name}.zip")
        archive.parent.mkdir()
        with zipfile.ZipFile(archive, "w") as code:
            for source in sorted(root.rglob("*.py")):
                code.write(source, source.relative_to(root.parent))
        self._session.addArtifacts(str(archive), pyfile=True)
        self._has_shipped_code = True

    def _frame(self, expression: ir.Table) -> Any:
        return self._session.sql(self._connection.compile(expression))

    def _new_path(self, kind: str) -> Path:
        return Path(self._folder.name, ibis.util.gen_name(kind))


def _settings(folder: Path, threads: int, memory_gb: float) -> Mapping[str, str]:
    """Return what makes Spark small, quiet, private and as strict about values as DuckDB."""
    logging = folder / "log4j2.properties"
    logging.write_text(LOGGING, encoding="utf-8")
    return {
        "spark.master": f"local[{threads}]",
        "spark.app.name": "propensity-pipeline",
        "spark.driver.memory": f"{round(memory_gb * 1024)}m",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={logging.as_uri()}",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": str(threads),
        "spark.sql.session.timeZone": "UTC",
        # A moment of a contract has no time zone; without this, a cast would give it one.
        "spark.sql.timestampType": "TIMESTAMP_NTZ",
        # A value that does not fit is an error, not an empty value.
        "spark.sql.ansi.enabled": "true",
    }


def _schema(expression: ir.Table) -> pa.Schema:
    """Return an expression's schema as DuckDB writes it: any column may be empty."""
    schema = expression.schema().to_pyarrow()
    return pa.schema([field.with_nullable(nullable=True) for field in schema])


def _rewrite(parts: Sequence[Path], path: Path, schema: pa.Schema) -> None:
    """Copy rows to one file that holds nothing of Spark, in groups of one size."""
    with pq.ParquetWriter(path, schema, compression="zstd", store_schema=False) as writer:
        for part in parts:
            for batch in pq.ParquetFile(part).iter_batches(batch_size=ROW_GROUP):
                writer.write_table(pa.Table.from_batches([batch]).cast(schema))

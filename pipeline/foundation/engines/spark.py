"""Spark, on this machine or a cluster: the optional engine. What it computes is what DuckDB computes.

Tables are folders of parquet, written by as many tasks as the data need, in ranges of their keys.
Memory tables and steps are parquet too, in a temporary folder that every executor can reach, so that
one way of reading keeps every type. Needs the dependency group `spark` and Java 17 or newer.
"""

import importlib
import os
import shutil
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.schema as sch
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

import pipeline
from pipeline.foundation import paths, stored_tables
from pipeline.foundation.batch_files import write_batches
from pipeline.foundation.batch_functions import BatchFunction, WholeGroups
from pipeline.foundation.cluster_storage import ClusterStorage, part_name
from pipeline.foundation.config import EngineParams
from pipeline.foundation.engines.base import HASHES
from pipeline.foundation.errors import ConfigurationError
from pipeline.foundation.storage_addresses import SUFFIX, find_parts_at, full_address
from pipeline.foundation.stored_tables import Manifest

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
REMOTE = "SPARK_REMOTE"
"""The variable by which Spark Connect is asked for: sc://host:port."""
# A moment of a contract has no time zone, and a value that does not fit is an error.
STRICT: Mapping[str, str] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
}
COMPILED = "5000"
"""Pieces of compiled code that are kept: a stage makes hundreds, and Spark alone keeps a hundred."""
_ROWS = "rows"


def start(params: EngineParams) -> "SparkEngine":
    """Start Spark in this process's own Java machine, or reach the one of SPARK_REMOTE.

    Raises:
        ConfigurationError: PySpark, Java or what Spark Connect needs is missing.
    """
    remote = os.environ.get(REMOTE)
    if remote is None:
        _check_java()
    elif params.storage is None and remote.startswith("sc://"):
        raise ConfigurationError(
            f"engine.storage, since {REMOTE} is set",
            "null",
            "Name a place that the cluster reaches too: s3a://, abfss://, hdfs://, or file:///... of "
            "a disk that all machines share.",
        )
    # Functions of `map_batches` run in this Python, unless the cluster has one of its own.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return SparkEngine(_builder(remote), params, is_remote=remote is not None)


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        raise ConfigurationError(
            "Java 17 or newer for engine.name spark",
            f"no java in JAVA_HOME ({home})" if home else "no java on the PATH",
            "Install a Java runtime, or set engine.name to duckdb in params.yaml.",
        )


def _builder(remote: str | None) -> Any:
    try:
        with _unwarned():
            from pyspark.sql import SparkSession  # noqa: PLC0415 - optional, and takes seconds

            if remote is not None:
                _check_connect()
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "the package pyspark for engine.name spark",
            f"no module {error.name!r}",
            "Install it with `pip install --require-hashes -r requirements-spark.lock`, or set "
            "engine.name to duckdb in params.yaml.",
        ) from error
    return SparkSession.builder


def _check_connect() -> None:
    try:
        importlib.import_module("pyspark.sql.connect.session")
    except ImportError as error:
        raise ConfigurationError(
            f"what Spark Connect needs, since {REMOTE} is set",
            str(error).splitlines()[0],
            "Install grpcio and what goes with it by `pip install --require-hashes -r "
            f"requirements-spark.lock`, or unset {REMOTE} and set engine.spark.master.",
        ) from error


@contextmanager
def _unwarned() -> Iterator[None]:
    """Silence PySpark about pandas 3: nothing here passes through pandas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet", FutureWarning)
        yield


class SparkEngine:
    """A Spark behind Ibis, and the folder in which it keeps what it needs on the way."""

    def __init__(self, builder: Any, params: EngineParams, *, is_remote: bool) -> None:
        self._folder = paths.OwnFolder()
        self._is_shared = params.storage is not None
        self._storage = ClusterStorage(params.storage or f"file://{self._folder.name}")
        settings = STRICT if is_remote else spark_settings(Path(self._folder.name), params)
        self._read: dict[tuple[str, int], ir.Table] = {}
        with _unwarned():
            self._session = builder.config(map=settings).getOrCreate()
            self._connection = ibis.pyspark.connect(self._session)
        self._has_shipped_code = False

    @property
    def is_distributed(self) -> bool:
        """Say that executors compute."""
        return True

    def read(self, path: Path) -> ir.Table:
        """Return a stored table as an expression; one of this machine goes to the cluster first."""
        version = (str(path), path.stat().st_mtime_ns)
        if version not in self._read:
            schema = ibis.Schema.from_pyarrow(stored_tables.read_schema(path))
            self._read[version] = self._scan(self._address(path), schema)
        return self._read[version]

    def scan(self, address: str, columns: Sequence[str]) -> ir.Table:
        """Return columns of the user's own parquet, as Spark reads their types."""
        find_parts_at(address)  # which says what to do where there is none
        reader = self._session.read.option("recursiveFileLookup", "true")
        frame = reader.option("pathGlobFilter", f"*{SUFFIX}").parquet(full_address(address))
        return self._view(frame.select(*(_quoted(name) for name in columns)))

    def hashed(self, expression: ir.Table) -> ir.Table:
        """Return rows with two of Spark's hashes."""
        frame = self._frame(expression)
        return self._view(frame.select("*", *_hashes(frame)))

    def table(self, data: pa.Table | pd.DataFrame | pa.RecordBatchReader) -> ir.Table:
        """Return a table in memory as an expression; of a reader's, no more than a batch is held."""
        if isinstance(data, pa.RecordBatchReader):
            path = write_batches(data, Path(self._folder.name, ibis.util.gen_name("rows")))
            return self.read(path)
        if isinstance(data, pd.DataFrame):
            data = pa.Table.from_pandas(data, preserve_index=False)
        address = self._new_address("memory")
        self._storage.remember(data, address)
        return self._scan(address, ibis.Schema.from_pyarrow(data.schema))

    def materialize(self, expression: ir.Table, near: Sequence[str] = ()) -> ir.Table:  # noqa: ARG002 - Spark shuffles by keys itself
        """Compute an expression into a temporary folder."""
        return self._keep(self._frame(expression), expression.schema())

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
        return self._map(self._frame(expression), function, schema)

    def map_groups(
        self,
        function: BatchFunction,
        expression: ir.Table,
        schema: pa.Schema,
        sort_by: Sequence[str],
    ) -> ir.Table:
        """Apply a function to whole groups on the executors: a group's rows are one task's."""
        key = sort_by[0]
        ordered = self._frame(expression).repartition(key).sortWithinPartitions(*sort_by)
        return self._map(ordered, WholeGroups(function, key), schema)

    def _map(self, frame: Any, function: BatchFunction, schema: pa.Schema) -> ir.Table:
        self._ship_code()
        with _unwarned():
            from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - optional

            returned = from_arrow_schema(schema, prefer_timestamp_ntz=True)
            mapped = frame.mapInArrow(function, returned)
            return self._keep(mapped, ibis.Schema.from_pyarrow(schema))

    def write(self, expression: ir.Table, path: Path, sort_by: Sequence[str]) -> int:
        """Write ranges of the keys, each sorted by a task of its own, or their manifest."""
        frame = self._frame(expression)
        ordered = frame.repartitionByRange(*sort_by).sortWithinPartitions(*sort_by)
        if self._is_shared:
            return self._publish(ordered, path)
        with paths.replacing(path) as partial:
            _write_parts(ordered, f"file://{partial.absolute()}")
            _name_parts(partial)
        return stored_tables.count_rows(path)

    def write_parts(self, parts: Sequence[ir.Table], path: Path, sort_by: Sequence[str]) -> int:
        """Write all parts at once: tasks divide the work, however it came."""
        return self.write(ibis.union(*parts), path, sort_by)

    def close(self) -> None:
        """Stop Spark and remove what it kept."""
        self._session.stop()
        if self._is_shared:
            self._storage.forget()
        self._folder.cleanup()

    def _keep(self, frame: Any, schema: sch.Schema) -> ir.Table:
        address = self._new_address("step")
        frame.write.parquet(address)
        return self._scan(address, schema)

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

    def _publish(self, ordered: Any, path: Path) -> int:
        """Write a table to the cluster's storage and its manifest here; its digest is seen on the way."""
        written, seen = self._new_address("table"), _observe(ordered)
        _write_parts(seen.frame, written)
        told = seen.observation.get
        rows, sums = int(told[_ROWS]), [int(told[name] or 0) for name in HASHES]
        columns = {field.name: field.dataType.simpleString() for field in ordered.schema.fields}
        digest = stored_tables.digest_of(rows, columns, sums)
        location = self._storage.publish(written, f"{path.stem}-{digest}")
        manifest = Manifest(location=location, rows=rows, columns=columns, digest=digest)
        stored_tables.write_manifest(manifest, path)
        return rows

    def _address(self, path: Path) -> str:
        manifest = stored_tables.read_manifest(path)
        if manifest is not None:
            stored_tables.find_parts(path)  # which says what to do where they are gone
            return manifest.location
        return self._storage.upload(path) if self._is_shared else f"file://{path.absolute()}"

    def _scan(self, address: str, schema: sch.Schema) -> ir.Table:
        """Return parquet of known columns as an expression; Spark need not open a file for it."""
        reader = self._session.read.schema(_spark_types(schema))
        return self._view(reader.parquet(address))

    def _view(self, frame: Any) -> ir.Table:
        name = ibis.util.gen_name("stored")
        frame.createOrReplaceTempView(name)
        return self._connection.table(name)

    def _frame(self, expression: ir.Table) -> Any:
        """Return an expression as Spark's own, of exactly the types that Ibis says."""
        frame = self._session.sql(self._connection.compile(expression))
        wanted = _spark_types(expression.schema())
        if [field.dataType for field in frame.schema] == [field.dataType for field in wanted]:
            return frame
        return frame.select(*(frame[field.name].cast(field.dataType) for field in wanted))

    def _new_address(self, kind: str) -> str:
        return f"{self._storage.scratch}/{ibis.util.gen_name(kind)}"


@dataclass(frozen=True)
class _Observed:
    """A frame whose rows are counted and hashed as they are written."""

    frame: Any
    observation: Any


def _observe(frame: Any) -> _Observed:
    """Have the rows of a frame counted, and two hashes of each summed: no order, no second pass."""
    from pyspark.sql import Observation  # noqa: PLC0415 - optional
    from pyspark.sql import functions as f  # noqa: PLC0415

    observation = Observation()
    sums = (
        f.sum(one.cast("decimal(20,0)")).alias(name)
        for name, one in zip(HASHES, _hashes(frame), strict=True)
    )
    return _Observed(frame.observe(observation, f.count(f.lit(1)).alias(_ROWS), *sums), observation)


def _hashes(frame: Any) -> list[Any]:
    """Return two hashes of each row under their names.

    A hash leaves empty values out, so which values are empty is hashed beside them.
    """
    from pyspark.sql import functions as f  # noqa: PLC0415 - optional

    values = [frame[_quoted(name)] for name in frame.columns]
    empty = [value.isNull() for value in values]
    return [
        f.xxhash64(f.lit(place), *values, *empty).alias(name) for place, name in enumerate(HASHES)
    ]


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _spark_types(schema: sch.Schema) -> Any:
    """Return a schema as Spark's own; Ibis gives every moment a time zone, a contract's has none."""
    from ibis.backends.pyspark.datatypes import PySparkSchema  # noqa: PLC0415 - needs pyspark
    from pyspark.sql import types  # noqa: PLC0415 - optional

    fields = [
        types.StructField(field.name, types.TimestampNTZType(), field.nullable)
        if schema[field.name].is_timestamp() and schema[field.name].timezone is None
        else field
        for field in PySparkSchema.from_ibis(schema)
    ]
    return types.StructType(fields)


def _write_parts(frame: Any, address: str) -> None:
    frame.write.mode("overwrite").option("compression", "zstd").parquet(address)


def _name_parts(folder: Path) -> None:
    """Give the parts names of their order alone, and leave nothing else of Spark's in a folder."""
    parts = sorted(folder.glob("part-*.parquet"))
    for file in folder.iterdir():
        if file not in parts:
            file.unlink()
    for place, part in enumerate(parts):
        part.rename(folder / part_name(place))


def spark_settings(folder: Path, params: EngineParams) -> Mapping[str, str]:
    """Return what makes Spark quiet and strict, and, on this machine, small and private.

    On a cluster its own configuration (SPARK_CONF_DIR) says how many executors there are, of which
    size, and who may read the storage.
    """
    logging = folder / "log4j2.properties"
    logging.write_text(LOGGING, encoding="utf-8")
    settings = {
        "spark.app.name": "propensity-pipeline",
        "spark.driver.memory": f"{round(params.memory_gb * 1024)}m",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={logging.as_uri()}",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.codegen.cache.maxEntries": COMPILED,
        **STRICT,
    }
    if params.spark.master is not None:
        return settings | {"spark.master": params.spark.master}
    return settings | {
        "spark.master": f"local[{params.threads}]",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": str(params.threads),
    }


def _schema(expression: ir.Table) -> pa.Schema:
    """Return an expression's schema as DuckDB writes it: any column may be empty."""
    schema = expression.schema().to_pyarrow()
    return pa.schema([field.with_nullable(nullable=True) for field in schema])

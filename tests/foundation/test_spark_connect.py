"""Stages that reach a Spark which stays up, by SPARK_REMOTE, as `dvc repro` would start them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from benchmarks.spark.comparison import compare_folders
from benchmarks.spark.connect_server import connect_server
from pipeline.foundation import paths, stored_tables
from pipeline.io.tables import read_json
from tests.small_spark import NEEDS_JAVA, ROOT, SMALL_JAVA, write_raw_tables

pytest.importorskip("pyspark")
pytest.importorskip("grpc")
pytestmark = [
    pytest.mark.slow,  # a Java starts and compiles what it is asked
    NEEDS_JAVA,
]
MAPPED = """
from pathlib import Path
import pyarrow as pa
from pipeline.foundation import config
from pipeline.foundation.engines import open_engine

def double(batches):
    import pipeline.foundation.paths  # the package's code is on the executors
    for batch in batches:
        yield pa.record_batch({"number": pa.array([2 * one.as_py() for one in batch["number"]])})

with open_engine(config.load().engine) as engine:
    rows = engine.table(pa.table({"number": list(range(1000))}))
    doubled = engine.map_batches(double, rows, pa.schema([("number", pa.int64())]))
    print(engine.arrow(doubled.number.sum().as_table()).column(0)[0].as_py())
"""


@pytest.fixture(scope="module")
def remote() -> Iterator[str]:
    """Return the address of a server that is started once for this module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", SMALL_JAVA)
        with connect_server() as address:
            yield address


def run_python(folder: Path, *arguments: str, remote: str | None) -> str:
    """Run Python in a project's folder with this project's code; SPARK_REMOTE where it is asked for."""
    asked = {} if remote is None else {"SPARK_REMOTE": remote}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **asked},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def write_project(folder: Path, engine: dict[str, object]) -> None:
    write_raw_tables(folder)
    params = yaml.safe_load((folder / paths.PARAMS).read_text(encoding="utf-8"))
    params["engine"] |= engine
    (folder / paths.PARAMS).write_text(yaml.safe_dump(params), encoding="utf-8")


def test_a_validation_by_a_server_that_stays_up_finds_what_duckdb_does(
    remote: str, tmp_path: Path
) -> None:
    expected, found = tmp_path / "duckdb", tmp_path / "spark"
    write_project(expected, {"name": "duckdb"})
    write_project(found, {"name": "spark", "storage": f"file://{tmp_path}/storage"})
    run_python(expected, "-m", "pipeline.stages.validate", remote=None)
    run_python(found, "-m", "pipeline.stages.validate", remote=remote)
    assert read_json(found / paths.VALIDATION_REPORT) == read_json(
        expected / paths.VALIDATION_REPORT
    )
    told = compare_folders(expected, found, (str(paths.VALIDATED), str(paths.QUARANTINE)))
    assert len(told) == 4 * 3
    assert [one.name for one in told if one.differing] == []
    events = stored_tables.read_manifest(found / paths.table(paths.VALIDATED, "product_events"))
    assert events is not None
    assert events.rows == 118


def test_a_function_reaches_the_server_with_the_packages_code(remote: str, tmp_path: Path) -> None:
    write_project(tmp_path, {"name": "spark", "storage": f"file://{tmp_path}/storage"})
    assert run_python(tmp_path, "-c", MAPPED, remote=remote).split()[-1] == "999000"

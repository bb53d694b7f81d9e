import shutil
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.foundation.config import EngineParams, SparkParams
from pipeline.foundation.engines import open_engine
from pipeline.foundation.engines.spark import spark_settings
from pipeline.foundation.errors import ConfigurationError

SPARK = EngineParams(name="spark", threads=1, memory_gb=1)


def test_spark_without_java_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(ConfigurationError, match=r"Java 17.*no java on the PATH.*Install a Java"),
        open_engine(SPARK),
    ):
        pass


def test_a_java_home_without_java_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with (
        pytest.raises(ConfigurationError, match=f"no java in JAVA_HOME .{tmp_path}"),
        open_engine(SPARK),
    ):
        pass


def test_spark_without_its_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: "java")
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with (
        pytest.raises(ConfigurationError, match=r"package pyspark.*requirements-spark\.lock"),
        open_engine(SPARK),
    ):
        pass


def test_spark_connect_without_what_it_needs_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("SPARK_REMOTE", "sc://127.0.0.1:15002")
    monkeypatch.setitem(sys.modules, "pyspark.sql.connect.session", None)
    with (
        pytest.raises(ConfigurationError, match=r"SPARK_REMOTE is set.*grpcio.*engine\.spark\.mas"),
        open_engine(SPARK.model_copy(update={"storage": "s3a://bucket"})),
    ):
        pass


def test_a_cluster_elsewhere_needs_a_storage_that_it_reaches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ValidationError, match=r"a master elsewhere needs engine\.storage"):
        EngineParams(
            name="spark", threads=1, memory_gb=1, spark=SparkParams(master="spark://host:7077")
        )
    monkeypatch.setenv("SPARK_REMOTE", "sc://127.0.0.1:15002")
    with (
        pytest.raises(ConfigurationError, match=r"engine\.storage.*found null.*s3a://"),
        open_engine(SPARK),
    ):
        pass


def test_a_storage_is_sparks_alone_and_an_address() -> None:
    with pytest.raises(ValidationError, match="storage is Spark's: leave it null"):
        EngineParams(name="duckdb", threads=1, memory_gb=1, storage="s3a://bucket/tables")
    with pytest.raises(ValidationError, match="storage"):
        EngineParams(name="spark", threads=1, memory_gb=1, storage="data/tables")


def test_a_master_that_is_named_keeps_its_own_configuration(tmp_path: Path) -> None:
    cluster = SPARK.model_copy(update={"spark": SparkParams(master="spark://127.0.0.1:7077")})
    settings = spark_settings(tmp_path, cluster)
    assert settings["spark.master"] == "spark://127.0.0.1:7077"
    assert "spark.sql.shuffle.partitions" not in settings
    assert spark_settings(tmp_path, SPARK)["spark.master"] == "local[1]"

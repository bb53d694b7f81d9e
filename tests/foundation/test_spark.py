import shutil
import sys
from pathlib import Path

import pytest

from pipeline.foundation.config import EngineParams
from pipeline.foundation.engines import open_engine
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

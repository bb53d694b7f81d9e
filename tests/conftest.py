"""Fixtures that every test may use."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import pipeline.models  # noqa: F401 - sets OMP_WAIT_POLICY before LightGBM is loaded
from pipeline.foundation.config import EngineParams
from pipeline.foundation.engines import Engine, open_engine

HERE = Path(__file__).parent

# The same examples on every run, and no clock: a busy machine is no fault of the code.
settings.register_profile(
    "project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")

# A worker of pytest-xdist has a main module without a file, which PySpark 4.3 takes for a doctest
# that it may end with `sys.exit(0)`, in the midst of Great Expectations' import.
if "PYTEST_XDIST_WORKER" in os.environ:
    sys.modules["__main__"].__file__ = __file__


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with whole runs, then with slow files, so that no worker is left with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path.parent != HERE, item.path not in slow))


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays: Ibis makes so many objects that it never rests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """Return an embedded engine, shared by all tests."""
    with open_engine(EngineParams(name="duckdb", threads=2, memory_gb=1)) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the URL of a PostgreSQL server of the tests' own, started where a test asks for it."""
    from tests.databases import postgres_server  # noqa: PLC0415 - most tests need no server

    with postgres_server() as url:
        yield url

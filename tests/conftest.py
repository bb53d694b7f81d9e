"""Fixtures that every test may use."""

from collections.abc import Iterator

import pytest

import pipeline  # noqa: F401 - sets OMP_WAIT_POLICY before LightGBM is loaded
from pipeline.config import EngineParams
from pipeline.engines import Engine, open_engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """Return an embedded engine, shared by all tests."""
    with open_engine(EngineParams(name="duckdb", threads=2, memory_gb=1)) as opened:
        yield opened

"""Where tables are computed: one module an engine, chosen by `engine.name`."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.foundation.choices import ENGINES
from pipeline.foundation.config import EngineParams
from pipeline.foundation.engines.base import HASHES, Engine, sum_hashes

__all__ = ["HASHES", "Engine", "open_engine", "sum_hashes"]


@contextmanager
def open_engine(params: EngineParams) -> Iterator[Engine]:
    """Start the engine that the parameters name, and close it when done."""
    ENGINES.check(params.name)
    engine: Engine = importlib.import_module(f"{__name__}.{params.name}").start(params)
    try:
        yield engine
    finally:
        engine.close()

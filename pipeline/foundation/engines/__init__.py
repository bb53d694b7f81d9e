"""Where tables are computed: one module an engine, chosen by `engine.name`."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.foundation.config import EngineParams
from pipeline.foundation.engines.base import Engine
from pipeline.foundation.errors import unknown_name

__all__ = ["Engine", "open_engine"]


@contextmanager
def open_engine(params: EngineParams) -> Iterator[Engine]:
    """Start the engine that the parameters name, and close it when done."""
    names = [m.name for m in pkgutil.iter_modules(__path__) if m.name != "base"]
    if params.name not in names:
        file = f"pipeline/foundation/engines/{params.name}.py"
        remedy = f"Correct engine.name in params.yaml or add {file}."
        raise unknown_name("engine.name", params.name, names, remedy)
    engine: Engine = importlib.import_module(f"{__name__}.{params.name}").start(params)
    try:
        yield engine
    finally:
        engine.close()

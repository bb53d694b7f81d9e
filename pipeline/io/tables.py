"""Where stages find tables: every parquet file of a folder as an expression, by table name."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from pipeline.foundation import paths
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import DataError


def read_folder(engine: Engine, folder: Path) -> dict[str, ir.Table]:
    """Return the tables of a folder; a table that the source lacks has no file."""
    return {path.stem: engine.read(path) for path in sorted(folder.glob("*.parquet"))}


def read_json(path: Path) -> dict[str, Any]:
    """Read a small report back.

    Raises:
        DataError: it is cut short or changed.
    """
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # of JSON and of UTF-8
        raise DataError(
            f"in {path} JSON as it was written",
            "text that is cut short or changed",
            f"Restore it with dvc checkout or git checkout {path}, or remove it and run dvc repro.",
        ) from error
    return content


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write a small report, sorted and whole or not at all."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    with paths.replacing(path) as partial:
        partial.write_text(text + "\n", encoding="utf-8")

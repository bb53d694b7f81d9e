"""Line breaks inside quoted cells: a comment of two lines, or rows that a stray quote swallowed.

A quotation mark that opens a cell and is closed many lines later makes one cell of all rows between:
no parser objects, and the rows are gone. They are known by their delimiters.
"""

import logging
from pathlib import Path

import pandas as pd

from pipeline.foundation.config import FileMapping
from pipeline.foundation.errors import DataError

log = logging.getLogger(__name__)


def check_swallowed_lines(rows: pd.DataFrame, path: Path, mapping: FileMapping, table: str) -> None:
    """Say how many line breaks stand inside cells, and refuse those between whole rows.

    Raises:
        DataError: lines inside a cell have as many delimiters as a row.
    """
    inside = [
        cells[cells.str.contains("\n", regex=False, na=False)]
        for _, cells in rows.items()
        if cells.str.contains("\n", regex=False, na=False).any()
    ]
    if not inside:
        return
    broken = pd.concat(inside)
    lines = broken.str.split("\n").str[1:].explode()
    swallowed = int((lines.str.count(_literal(mapping.delimiter)) >= len(rows.columns) - 1).sum())
    if swallowed and len(rows.columns) > 1:
        raise DataError(
            f"one row a line in {path}",
            f"at least {swallowed} rows inside one cell: a quotation mark {mapping.quote} opens it at row "
            f"{int(broken.index.min())} and closes it lines later",
            f"Set source.files.tables.{table}.quote to null if no cell is quoted, or close the "
            "quotation mark.",
        )
    log.warning(
        "%s: %s line breaks of %s stand inside quoted cells; its rows are so many fewer than its "
        "lines",
        table,
        f"{int(broken.str.count(_literal(chr(10))).sum()):,}",
        path,
    )


def _literal(character: str) -> str:
    return f"[{character}]" if character not in "^\\]" else f"\\{character}"

"""Line breaks inside quoted cells: a comment of two lines, or rows that a stray quote swallowed.

A quotation mark that opens a cell and is closed many lines later makes one cell of all rows between:
no parser objects, and the rows are gone. They are known by their delimiters. Two stray marks in two
lines merge these without a whole row in between: each line then has the delimiters of a row.

    1,"tea,2        read as one row of three cells: 1, then tea,2 ↵ 4,cup, then 6
    4,cup",6
"""

import gzip
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pandas as pd

from pipeline.foundation.config import FileMapping
from pipeline.foundation.errors import DataError

log = logging.getLogger(__name__)


def check_swallowed_lines(rows: pd.DataFrame, path: Path, mapping: FileMapping, table: str) -> int:
    """Return how many line breaks stand inside cells, and refuse those between whole rows.

    Raises:
        DataError: lines inside a cell have as many delimiters as a row, or all lines that a row
            stands on have.
    """
    inside = [
        cells[cells.str.contains("\n", regex=False, na=False)]
        for _, cells in rows.items()
        if cells.str.contains("\n", regex=False, na=False).any()
    ]
    if not inside:
        return 0
    broken = pd.concat(inside)
    lines = broken.str.split("\n").str[1:].explode()
    swallowed = int((lines.str.count(_literal(mapping.delimiter)) >= len(rows.columns) - 1).sum())
    if swallowed and len(rows.columns) > 1:
        raise DataError(
            f"one row a line in {path}",
            f"at least {swallowed} rows inside one cell: a quotation mark {mapping.quote} opens it at row "
            f"{int(broken.index.min())} and closes it lines later",
            f"Set {mapping.setting(table)}.quote to null if no cell is quoted, or close the "
            "quotation mark.",
        )
    _check_merged_lines(rows.loc[broken.index.unique()], path, mapping, table)
    return int(broken.str.count(_literal(chr(10))).sum())


def tell_line_breaks(count: int, path: Path, table: str) -> None:
    """Say how many line breaks stand inside cells, if any do."""
    if count:
        log.warning(
            "%s: %s line breaks of %s stand inside quoted cells; its rows are so many fewer than "
            "its lines",
            table,
            f"{count:,}",
            path,
        )


def _check_merged_lines(rows: pd.DataFrame, path: Path, mapping: FileMapping, table: str) -> None:
    """Refuse rows of several lines that are as many rows if no cell is quoted.

    Args:
        rows: those with line breaks inside their cells.
        path: the file, for the error.
        mapping: how it is written.
        table: of the contract, for the error.
    """
    if len(rows.columns) == 1:
        return  # every line is a whole row: `check_swallowed_lines` cannot tell, nor can this
    cells = rows.fillna("")
    joined = cells.iloc[:, 0].str.cat(cells.iloc[:, 1:], sep=mapping.delimiter)
    lines = joined.str.split("\n").explode()
    is_row = lines.str.count(_literal(mapping.delimiter)) == len(rows.columns) - 1
    is_merged = is_row.groupby(level=0).all()
    if is_merged.any():
        raise DataError(
            f"one row a line in {path}",
            f"{int(is_merged.sum())} rows that stand on several lines, each with the delimiters of a whole "
            f"row: the first is row {int(is_merged[is_merged].index.min())}",
            f"A stray {mapping.quote} merges them: take it out, or set {mapping.setting(table)}.quote "
            "to null if no cell is quoted. If the text is right, take its line breaks out.",
        )


def _literal(character: str) -> str:
    return f"[{character}]" if character not in "^\\]" else f"\\{character}"


def count_breaks(cells: pd.DataFrame) -> int:
    """Return how many line breaks, of any kind, stand inside cells."""
    return sum(
        int(column.str.count(r"\r\n|\r|\n").sum()) for _, column in cells.items() if len(column)
    )


@dataclass(frozen=True)
class CellCounts:
    """What was read of a file."""

    rows: int
    """With the header."""
    breaks: int
    """Line breaks of any kind inside cells."""
    width: int
    """Cells of a row."""


def check_lines(read: CellCounts, path: Path, mapping: FileMapping, table: str) -> None:
    """Count the lines of the file against the rows that were read, and say which lines are short.

    Args:
        read: what was read of it.
        path: the file.
        mapping: how it is written.
        table: of the contract, for the error.

    Raises:
        DataError: lines are missing among the rows, or stand in more of them than there are.
    """
    lines = filled = short = 0
    with _open_text(path, mapping.encoding) as file:
        for line in file:
            lines += 1
            if line.strip(" \r\n"):
                filled += 1
                short += line.count(mapping.delimiter) < read.width - 1
    found = read.rows + read.breaks
    if not filled <= found <= lines:
        raise DataError(
            f"as many rows as lines in {path}, {filled:,} with the header",
            f"{read.rows:,} rows with {read.breaks:,} line breaks inside their cells",
            f"Set source.files.tables.{table}.quote to null if no cell is quoted, or export it again.",
        )
    if short and not read.breaks:
        log.warning(
            "%s: %s lines of %s have fewer cells than the header; those missing are empty. A text with "
            "a line break needs quotation marks",
            table,
            f"{short:,}",
            path,
        )


def _open_text(path: Path, encoding: str) -> TextIO:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rt", encoding=encoding)
    return path.open(encoding=encoding)

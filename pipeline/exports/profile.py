"""The words a delivery profile is declared in: a profile is data, and the writer is the code.

`{model}` in a column's source or header stands for each model in turn, `{position}` for each
reason, so that a declaration holds for any models and any number of reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

CellFormat = Literal["text", "integer", "decimal", "date", "flag"]
SourceTable = Literal["customers", "propensities"]


@dataclass(frozen=True)
class Column:
    """One column of a file."""

    source: str
    """The column of the source table."""
    header: str
    format: CellFormat
    meaning: str
    empty: str = ""
    """What an empty cell means; the data dictionary says "never empty" where this is not set."""
    decimals: int = 0
    """Digits after the point, at most six."""
    required: bool = False
    """A row without this value is rejected."""
    is_id: bool = False
    """An id is never altered: a row whose id holds other characters than ids do is rejected."""


@dataclass(frozen=True)
class File:
    """One file of a package."""

    name: str
    rows: SourceTable
    grain: str
    columns: tuple[Column, ...]

    def expand(self, models: Sequence[str], reasons: int) -> "File":
        """Return the file with its `{model}` and `{position}` columns written out."""
        columns: list[Column] = []
        for is_of_a_model, block in groupby(self.columns, lambda c: "{model}" in c.source):
            templates = tuple(block)
            for model in models if is_of_a_model else ("",):
                for template in templates:
                    columns += _fill(template, model, reasons)
        return replace(self, columns=tuple(columns))


@dataclass(frozen=True)
class Dialect:
    """How cells and rows are written."""

    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: Literal["\n", "\r\n"] = "\n"
    quoting: Literal["minimal", "all", "none"] = "minimal"
    """`none`: a row with a cell that would need quotes is rejected."""
    empty_cell: str = ""
    yes: str = "true"
    no: str = "false"
    date_format: str = "%Y-%m-%d"
    formulas: Literal["prefix", "reject"] = "prefix"
    """A text that a spreadsheet would run: neutralised with `'` in files that people open,
    rejected where a machine reads them, since the mark would become part of the value."""


@dataclass(frozen=True)
class Profile:
    """A delivery package: its files and the dialect they share."""

    name: str
    files: tuple[File, ...]
    dialect: Dialect = Dialect()

    def expand(self, models: Sequence[str], reasons: int) -> "Profile":
        """Return the profile with the `{model}` and `{position}` columns of its files written out."""
        return replace(self, files=tuple(file.expand(models, reasons) for file in self.files))


def _fill(template: Column, model: str, reasons: int) -> list[Column]:
    repeats = range(1, reasons + 1) if "{position}" in template.source else (0,)
    return [
        replace(
            template,
            source=template.source.format(model=model, position=position),
            header=template.header.format(model=model, position=position),
            meaning=template.meaning.format(model=model.replace("_", "-"), position=position),
            empty=template.empty.format(model=model, position=position),
        )
        for position in repeats
    ]

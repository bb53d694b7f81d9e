"""The words a delivery profile is declared in: a profile is data, and the writer is the code.

`{model}` in a column's source or header stands for each model in turn, `{position}` for each
reason, so that a declaration holds for any models and any number of reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

CellFormat = Literal["text", "integer", "decimal", "money", "date", "flag", "phone"]
SourceTable = Literal[
    "customers", "propensities", "offers", "product_lists", "product_associations"
]
Normaliser = Literal["email", "email_without_gmail_dots", "phone", "phone_digits"]


@dataclass(frozen=True)
class FileColumn:
    """One column of a file."""

    source: str
    """The column of the source table."""
    header: str
    format: CellFormat
    meaning: str
    empty: str = ""
    """What an empty cell means; the data dictionary says "never empty" where this is not set."""
    decimals: int = 0
    """Digits after the point, at most six; money, of which the source holds cents, has two."""
    normalise: Normaliser | None = None
    """How a contact detail is written; one that cannot be so written leaves its cell empty."""
    is_hashed: bool = False
    """Handed over as the SHA-256, in hexadecimal digits, of the normalised text."""
    required: bool = False
    """A row without this value is rejected."""
    is_id: bool = False
    """What a row is known by: never altered, and a row whose id would break the target is
    rejected."""
    refers: bool = False
    """The id of something else, such as a product: as little altered, or the row is rejected."""

    @property
    def is_verbatim(self) -> bool:
        """Say whether a value is handed over as it stands, or its row is not."""
        return self.is_id or self.refers


@dataclass(frozen=True)
class File:
    """One file of a package."""

    name: str
    rows: SourceTable
    grain: str
    columns: tuple[FileColumn, ...]
    only_sendable: bool = False
    """Of the offers only those that are to reach their customer: no control group, no exclusion."""
    without_controls: bool = False
    """Nobody of a control group, whom a list of products would reach as an offer does."""
    channels: tuple[str, ...] = ()
    """Of the offers only those on these channels; empty: on any."""
    one_of: tuple[str, ...] = ()
    """Source columns of which a row needs one, or it is left out."""
    unique: tuple[str, ...] = ()
    """Source columns none of whose values may come twice: the others are left empty in rows that
    have another of `one_of`, and the rows rejected that have none."""
    prefer: str = ""
    """Of rows that share such a value the one with the most of this keeps it; else the first."""

    def expand(self, models: Sequence[str], reasons: int) -> "File":
        """Return the file with its `{model}` and `{position}` columns written out."""
        columns: list[FileColumn] = []
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
    encoding: Literal["utf-8", "utf-8-sig"] = "utf-8"
    """`utf-8-sig` begins each file with a byte order mark."""
    line_end: Literal["\n", "\r\n"] = "\n"
    quoting: Literal["minimal", "all", "none"] = "minimal"
    """`none`: a cell that would need quotes is rejected."""
    empty_cell: str = ""
    yes: str = "true"
    no: str = "false"
    date_format: str = "%Y-%m-%d"
    formulas: Literal["prefix", "reject"] = "prefix"
    """A text that a spreadsheet takes for a formula: neutralised with `'` in files that people
    open. Where a machine reads them the mark would become part of the value, so that a text that
    could do harm is rejected, and a name such as `+5 GB extra` handed over as it is."""


@dataclass(frozen=True)
class TargetLimits:
    """What a target takes; a file that is larger comes in numbered parts, each with its header."""

    file_bytes: int | None = None
    file_rows: int | None = None
    columns: int | None = None
    field_characters: int | None = None
    field_bytes: int | None = None

    @property
    def splits(self) -> bool:
        """Say whether files come in numbered parts, be it one."""
        return self.file_bytes is not None or self.file_rows is not None


@dataclass(frozen=True)
class Profile:
    """A delivery package: its files, the dialect they share, and what the target takes."""

    name: str
    files: tuple[File, ...]
    dialect: Dialect = Dialect()
    limits: TargetLimits = TargetLimits()
    loading: str = ""
    """How the files are loaded, for the manifest."""
    only_changes: bool = False
    """The target bills every value and keeps what an empty cell meets: it is handed no value that
    a sealed wave has given it. Its files have one id each, and hold no contact detail."""

    @property
    def needs_contact_details(self) -> bool:
        """Say whether e-mail or phone are handed over at all."""
        return any(column.normalise for file in self.files for column in file.columns)

    @property
    def tells_of_best_candidates(self) -> bool:
        """Say whether reasons are handed over of everybody's likeliest category, offered or not."""
        columns = [column for file in self.files for column in file.columns]
        return any("{model}_reason" in column.source for column in columns)

    def expand(self, models: Sequence[str], reasons: int) -> "Profile":
        """Return the profile with the `{model}` and `{position}` columns of its files written out."""
        return replace(self, files=tuple(file.expand(models, reasons) for file in self.files))


def _fill(template: FileColumn, model: str, reasons: int) -> list[FileColumn]:
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

"""What a shop system's export file is: its columns by their official names, and how to know it.

A file is known by its header alone. Of several kinds that fit, the one with the most columns that
it cannot do without is meant.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.foundation.contracts.columns import Column, ColumnType
from pipeline.foundation.contracts.tables import Table


@dataclass(frozen=True)
class ExportColumn:
    """A column that is read, and the headers it has had in versions of the shop system."""

    name: str
    headers: tuple[str, ...]
    type: ColumnType = "text"
    required: bool = False

    def find(self, header: Collection[str]) -> str | None:
        """Return the first of its headers that a file has."""
        return next((name for name in self.headers if name in header), None)


@dataclass(frozen=True)
class Export:
    """One kind of file that a shop system exports."""

    name: str
    columns: tuple[ExportColumn, ...]
    key: str
    """The column whose rows a later file replaces whole: exports of two months may overlap."""
    required: bool = False
    """The shop cannot be read without it."""

    def fits(self, header: Collection[str]) -> bool:
        """Tell whether a file has every column that this kind cannot do without."""
        return all(column.find(header) is not None for column in self.columns if column.required)

    def found_columns(self, header: Collection[str]) -> dict[str, str]:
        """Return our name -> the file's, of the columns that the file has."""
        found = {column.name: column.find(header) for column in self.columns}
        return {name: own for name, own in found.items() if own is not None}

    @property
    def table(self) -> Table:
        """Return the columns as a table, by which the contract's readers read them."""
        return Table(
            self.name,
            grain=f"one row of the export {self.name}",
            key=(),
            columns=tuple(Column(column.name, column.type) for column in self.columns),
        )


def export_of(header: Collection[str], exports: Sequence[Export]) -> Export | None:
    """Return the kind of export that a file's header shows, if any."""
    fitting = [export for export in exports if export.fits(header)]
    return max(fitting, key=_required_count, default=None)


def _required_count(export: Export) -> int:
    return sum(column.required for column in export.columns)

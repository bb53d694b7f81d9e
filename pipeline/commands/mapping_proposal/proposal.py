"""A proposed mapping: what is written into `params.yaml`, and what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

WRITTEN_FROM = 0.75
"""The least confidence with which something is written; below, it is asked."""


@dataclass(frozen=True)
class ProposedColumn:
    """One column of a contract table, the file's column for it, and what stands in that."""

    name: str
    own: str
    confidence: float
    samples: tuple[str, ...]


@dataclass(frozen=True)
class ProposedTable:
    """One file, or table of a database, as a contract table."""

    table: str
    file: str
    rows: int
    confidence: float
    columns: tuple[ProposedColumn, ...]
    mapping: Mapping[str, object]
    """As it is written under `source.files.tables` or `source.database.tables`."""


@dataclass(frozen=True)
class Proposal:
    """All that is proposed of a folder or database, with the questions that it leaves open."""

    tables: tuple[ProposedTable, ...]
    template: str | None
    shop: Mapping[str, object]
    unused: tuple[str, ...]
    """Files or tables that are nothing known."""
    questions: tuple[str, ...]

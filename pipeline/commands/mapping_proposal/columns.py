"""Which of a file's columns is which of a table: by name, by what can be read, by what is unique."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.commands.mapping_proposal.file_reading import FoundFile
from pipeline.commands.mapping_proposal.readable import Reading, readable
from pipeline.commands.mapping_proposal.translations import translations, understood
from pipeline.commands.mapping_proposal.vocabulary import name_score
from pipeline.foundation.contracts.columns import Column
from pipeline.foundation.contracts.tables import Table

_REPEATED_KEY = 0.3
"""What is left of the confidence that a column is a table's key, when its values repeat."""
_OWN_WORDS = 0.5
"""The same, when none of its values is a word of the contract's or translated to one."""
_SAMPLES = 3


@dataclass(frozen=True)
class MatchedColumn:
    """A file's column for a contract column, how sure that is, and how it reads."""

    name: str
    own: str
    confidence: float
    reading: Reading
    values: Mapping[str, str]


def match_columns(
    file: FoundFile, table: Table, names: Mapping[str, str]
) -> tuple[MatchedColumn, ...]:
    """Return the likeliest column for each contract column, none of the file's twice.

    Args:
        file: with its cells.
        table: the contract.
        names: contract column -> what it is called; others are not looked for.
    """
    scored = [
        (name_score(str(own), names[column.name]), str(own), column)
        for column in table.columns
        if column.name in names
        for own in file.cells.columns
    ]
    matches = [_match(file, table, column, own, score) for score, own, column in scored if score]
    found: dict[str, MatchedColumn] = {}
    for match in sorted(matches, key=lambda one: (-one.confidence, one.name, one.own)):
        taken = {other.own for other in found.values()}
        if match.confidence and match.name not in found and match.own not in taken:
            found[match.name] = match
    return tuple(found[name] for name in table.names if name in found)


def _match(file: FoundFile, table: Table, column: Column, own: str, score: float) -> MatchedColumn:
    texts = file.cells[own]
    reading = readable(texts, column.type)
    words = understood(texts, table.name, column)
    confidence = score * reading.share * (_OWN_WORDS + (1 - _OWN_WORDS) * words)
    if (column.name,) == table.key and not texts.dropna().is_unique:
        confidence *= _REPEATED_KEY
    return MatchedColumn(
        column.name, own, confidence, reading, translations(texts, table.name, column)
    )


def samples_of(file: FoundFile, own: str) -> tuple[str, ...]:
    """Return a few different values of a column, in the file's order."""
    return tuple(map(str, file.cells[own].dropna().drop_duplicates().head(_SAMPLES)))

"""Encodings that were declared wrongly: the text is read without an error, and is not the text.

Windows' `10€ – “plus”` read as latin-1 has control characters in place of € – “ ”; `Café` in UTF-8
read as latin-1 or cp1252 becomes `CafÃ©`. Both are known by what no writer means.
"""

import logging
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.foundation.config import FileMapping
from pipeline.foundation.errors import DataError

log = logging.getLogger(__name__)

_CONTROLS = re.compile("[\u0080-\u009f]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_MOST = 0.5
"""Of the texts that are not plain English letters: from here on the whole file is read wrongly."""


@dataclass(frozen=True)
class TextCounts:
    """Different texts of some rows; those of two parts of a file add up."""

    foreign: int = 0
    """Not plain English letters."""
    controls: int = 0
    """With characters that no writer means."""
    garbled: int = 0
    """UTF-8 read as something else, by their looks."""

    def __add__(self, other: "TextCounts") -> "TextCounts":
        """Return the counts of both parts."""
        return TextCounts(
            self.foreign + other.foreign,
            self.controls + other.controls,
            self.garbled + other.garbled,
        )


def count_texts(rows: pd.DataFrame) -> TextCounts:
    """Count the texts that tell whether a file was read in its own encoding."""
    texts = pd.unique(pd.concat([cells.dropna() for _, cells in rows.items()]))
    foreign = [text for text in texts if _NOT_ASCII.search(text)]
    return TextCounts(
        len(foreign),
        sum(_CONTROLS.search(text) is not None for text in foreign),
        sum(map(_is_garbled, foreign)),
    )


def check_encoding(found: TextCounts, path: Path, mapping: FileMapping, table: str) -> None:
    """Refuse a file that the declared encoding garbles, and name the likely one.

    Raises:
        DataError: control characters of Windows' encoding, or UTF-8 read as something else.
    """
    if found.garbled and found.garbled >= _MOST * found.foreign:
        raise _wrong(path, mapping, table, found.garbled, "utf-8")
    if found.controls:
        raise _wrong(path, mapping, table, found.controls, "cp1252")
    if found.garbled:
        log.warning(
            "%s: %d texts of %s look like UTF-8 that was read as something else before they came "
            "here; they stay as they are",
            table,
            found.garbled,
            path,
        )


def _is_garbled(text: str) -> bool:
    """Say whether the bytes that the text would have in a Western encoding are proper UTF-8."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8") != text
        except UnicodeError:
            continue
    return False


def _wrong(path: Path, mapping: FileMapping, table: str, texts: int, likely: str) -> DataError:
    return DataError(
        f"{path} in the encoding {mapping.encoding!r}",
        f"{texts} texts that nobody writes; they are readable as {likely}",
        f"Set {mapping.setting(table)}.encoding to {likely}.",
    )

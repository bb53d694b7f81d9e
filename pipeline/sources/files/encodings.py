"""Encodings that were declared wrongly: the text is read without an error, and is not the text.

Windows' `10€ – “plus”` read as latin-1 has control characters in place of € – “ ”; `Café` in UTF-8
read as latin-1 or cp1252 becomes `CafÃ©`. Both are known by what no writer means.
"""

import logging
import re
from pathlib import Path

import pandas as pd

from pipeline.foundation.config import FileMapping
from pipeline.foundation.errors import DataError

log = logging.getLogger(__name__)

_CONTROLS = re.compile("[\u0080-\u009f]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_MOST = 0.5
"""Of the texts that are not plain English letters: from here on the whole file is read wrongly."""


def check_encoding(rows: pd.DataFrame, path: Path, mapping: FileMapping, table: str) -> None:
    """Refuse a file that the declared encoding garbles, and name the likely one.

    Raises:
        DataError: control characters of Windows' encoding, or UTF-8 read as something else.
    """
    texts = pd.unique(pd.concat([cells.dropna() for _, cells in rows.items()]))
    foreign = [text for text in texts if _NOT_ASCII.search(text)]
    controls = [text for text in foreign if _CONTROLS.search(text)]
    garbled = [text for text in foreign if _is_garbled(text)]
    if garbled and len(garbled) >= _MOST * len(foreign):
        raise _wrong(path, mapping, table, garbled, "utf-8")
    if controls:
        raise _wrong(path, mapping, table, controls, "cp1252")
    if garbled:
        log.warning(
            "%s: %d texts of %s look like UTF-8 that was read as something else before they came "
            "here; they stay as they are",
            table,
            len(garbled),
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


def _wrong(
    path: Path, mapping: FileMapping, table: str, texts: list[str], likely: str
) -> DataError:
    return DataError(
        f"{path} in the encoding {mapping.encoding!r}",
        f"{len(texts)} texts that nobody writes; they are readable as {likely}",
        f"Set {mapping.setting(table)}.encoding to {likely}.",
    )

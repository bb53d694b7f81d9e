"""Marks for what a text is composed with and only its language can write: money, a category.

Texts are composed in English, which is also the key of the catalogues. A mark is replaced when the
text is said (`words.py`), so that nothing of a language is known where a text is composed.
"""

import re
from collections.abc import Callable

CURRENCY = "\N{CURRENCY SIGN}"
"""Stands before an amount."""
OPENED, CLOSED = (
    "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
    "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
)
"""Stand around the code of a category."""

_CATEGORY = re.compile(f"{OPENED}([^{CLOSED}]*){CLOSED}")


def category(code: str) -> str:
    """Return the code of a category as a place for its display name."""
    return f"{OPENED}{code}{CLOSED}"


def name_categories(text: str, name: Callable[[str], str]) -> str:
    """Return a text with the codes of categories named; one that begins a text has a capital."""
    said = _CATEGORY.sub(lambda one: name(one[1]), text)
    return said[:1].upper() + said[1:] if text.startswith(OPENED) else said


def plain(text: str) -> str:
    """Return a text where no language is set: codes as words, amounts without currency."""
    return name_categories(text, lambda code: code.replace("_", " ")).replace(CURRENCY, "")

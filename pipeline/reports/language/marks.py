"""Marks for what a text is composed with and only its language can write: money, a category.

Texts are composed in English, which is also the key of the catalogues. A mark is replaced when the
text is said (`words.py`), so that nothing of a language is known where a text is composed.
"""

CURRENCY = "\N{CURRENCY SIGN}"
"""Stands before an amount."""
OPENED, CLOSED = (
    "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
    ("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"),
)
"""Stand around the code of a category."""


def category(code: str) -> str:
    """Return the code of a category as a place for its display name."""
    return f"{OPENED}{code}{CLOSED}"

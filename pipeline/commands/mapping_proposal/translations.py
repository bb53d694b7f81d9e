"""A column's own words for the values that the contract allows."""

import pandas as pd

from pipeline.commands.mapping_proposal.vocabulary import VALUES, plain_word
from pipeline.foundation.contracts.columns import Column

LETTERS = (
    ({"h", "m"}, {"h": "male", "m": "female"}),  # hombre, mujer; homem, mulher; homme
    ({"m", "f"}, {"m": "male", "f": "female"}),
    ({"m", "w"}, {"m": "male", "w": "female"}),
)
_MOST_WORDS = 50


def translations(texts: "pd.Series[str]", table: str, column: Column) -> dict[str, str]:
    """Return the file's value -> the contract's, for the values whose meaning is plain."""
    listed = VALUES.get(f"{table}.{column.name}", {})
    own = sorted(texts.dropna().str.strip().unique())
    if len(own) > _MOST_WORDS:
        return {}
    words = {word: value for value, names in listed.items() for word in names.split()}
    words |= next((pairs for letters, pairs in LETTERS if _is_gender(own, letters, column)), {})
    meant = {text: words[plain_word(text)] for text in own if plain_word(text) in words}
    return {text: value for text, value in meant.items() if text != value}


def _is_gender(own: list[str], letters: set[str], column: Column) -> bool:
    return column.name == "gender" and {plain_word(text) for text in own} == letters


def understood(texts: "pd.Series[str]", table: str, column: Column) -> float:
    """Return the share of a column's rows whose value the contract allows, or is translated to it.

    A column for which every value is allowed is understood.
    """
    allowed = (
        {*column.allowed, *VALUES["customers.gender"]}
        if column.name == "gender"
        else {*column.allowed}
    )
    given = texts.dropna().str.strip()
    if not allowed or given.empty:
        return 1
    known = allowed | translations(texts, table, column).keys()
    return float(given.isin(known).mean())


def left_as_they_are(texts: "pd.Series[str]", table: str, column: Column) -> list[str]:
    """Return the values of a column with words of its own that mean none of them to us."""
    listed = set(VALUES.get(f"{table}.{column.name}", {}))
    own = sorted(texts.dropna().str.strip().unique())
    if not listed or len(own) > _MOST_WORDS:
        return []
    known = listed | translations(texts, table, column).keys()
    return [text for text in own if text not in known]

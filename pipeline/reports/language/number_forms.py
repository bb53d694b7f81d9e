"""Numbers and amounts as a language writes them, from the form in which texts are composed."""

import re
from collections.abc import Mapping

from pipeline.foundation.config import Language
from pipeline.reports.language.marks import CURRENCY

# A number that is a word of its own: no part of a date, a version, a name or a path.
_NUMBER = re.compile(r"(?<![\w.,:/#-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w/]|[.,:-]\w)")
_AMOUNT = re.compile(rf"{CURRENCY}([-+\N{{MINUS SIGN}}]?)([\d,]+(?:\.\d+)?)")
_PERCENT = re.compile(r"(?<=\d)%")
_MINUS = re.compile(r"(?<![\w-])-(?=[\d.])")
_RANGE = re.compile(r"(?<=[\d%)]) to (?=[(\d\N{MINUS SIGN}+" + CURRENCY + "])")
_ENGLISH_TO_LOCAL = str.maketrans({",": ".", ".": ","})
_SPACE = "\N{NO-BREAK SPACE}"
_SYMBOLS: Mapping[str, str] = {"EUR": "€", "USD": "$", "GBP": "£", "BRL": "R$"}


def write_numbers(text: str, language: Language, currency: str | None) -> str:
    """Return a text with its numbers and amounts as the language writes them.

    Args:
        text: with numbers as `1,234.5` and `20%`, and amounts behind the currency's mark.
        language: English and Portuguese write 20%, Spanish 20 %; English alone 1,234.5.
        currency: a code of ISO 4217 or a symbol; None for amounts without one.
    """
    text = _MINUS.sub("\N{MINUS SIGN}", text)
    if language != "en":
        text = _RANGE.sub(" a ", text)
        text = _NUMBER.sub(lambda found: found.group().translate(_ENGLISH_TO_LOCAL), text)
    if language == "es":
        text = _PERCENT.sub(f"{_SPACE}%", text)
    if CURRENCY not in text:
        return text
    return _AMOUNT.sub(lambda one: _amount(one[1], one[2], language, currency), text)


def _amount(sign: str, number: str, language: Language, currency: str | None) -> str:
    if currency is None:
        return f"{sign}{number}"
    symbol = _SYMBOLS.get(currency, currency)
    if language in ("es", "pt-PT"):
        return f"{sign}{number}{_SPACE}{symbol}"
    is_close = language == "en" and not symbol[-1].isalpha()
    return f"{sign}{symbol}{'' if is_close else _SPACE}{number}"

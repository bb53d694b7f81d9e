"""Durations as people say them: days up to two months, months up to two years, then years."""

from collections.abc import Mapping

from pipeline.foundation.config import Language

_MONTHS_FROM_DAYS = 60
_YEARS_FROM_DAYS = 730
_MONTH_DAYS = 30.4375
_YEAR_DAYS = 365.25
_ENGLISH = (("day", "days"), ("month", "months"), ("year", "years"))
_SPANISH = (("día", "días"), ("mes", "meses"), ("año", "años"))
_PORTUGUESE = (("dia", "dias"), ("mês", "meses"), ("ano", "anos"))
_NAMES: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "en": _ENGLISH,
    "es": _SPANISH,
    "pt-PT": _PORTUGUESE,
    "pt-BR": _PORTUGUESE,
}


def in_time(days: float, language: Language) -> str:
    """Return a number of days in its largest fitting unit, rounded: 400 is `13 months`."""
    day, month, year = _NAMES[language]
    if days < _MONTHS_FROM_DAYS:
        return _counted(days, day)
    if days < _YEARS_FROM_DAYS:
        return _counted(days / _MONTH_DAYS, month)
    return _counted(days / _YEAR_DAYS, year)


def _counted(number: float, names: tuple[str, str]) -> str:
    whole = round(number)
    return f"{whole} {names[0] if whole == 1 else names[1]}"

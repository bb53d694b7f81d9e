"""A feature's value in a marketer's words, from the sentence that its family declares."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.exports.durations import in_time
from pipeline.features.declared_family import DeclaredFamily
from pipeline.features.feature import Feature, Unit
from pipeline.foundation.config import Language
from pipeline.foundation.display_names import DisplayNames

_CHOICE = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
_UNKNOWN: Mapping[Language, str] = {
    "en": "not known",
    "es": "desconocido",
    "pt-PT": "desconhecido",
    "pt-BR": "desconhecido",
}
# English and Portuguese write 35%, Spanish 35 %; only English writes 1,234.50.
_ENGLISH_TO_LOCAL = str.maketrans({",": ".", ".": ","})


@dataclass(frozen=True)
class Wording:
    """The features that have a sentence, by the name of their column."""

    features: Mapping[str, Feature]
    names: DisplayNames = field(default_factory=DisplayNames)

    def __call__(self, feature: str, value: str | None, category: str) -> str:
        """Return one sentence without a full stop.

        Args:
            feature: the column.
            value: its value as text; None where it is missing, which has a meaning of its own.
            category: the candidate that the customer is scored for.
        """
        language = self.names.language
        declared = self.features.get(feature)
        if declared is None or not declared.reasons:
            name = feature.partition("__")[2].replace("__", ", ").replace("_", " ").capitalize()
            return f"{name}: {value or _UNKNOWN[language]}"
        sentences = declared.sentences(language)
        if value is None:
            filled = sentences.empty or sentences.valued.replace("{value}", _UNKNOWN[language])
        else:
            filled = self._fill(sentences.valued, value, declared.unit)
        filled = filled.replace("{category}", self.names.category(category))
        return filled[:1].upper() + filled[1:]

    def _fill(self, sentence: str, value: str, unit: Unit) -> str:
        language = self.names.language
        if unit in ("text", "category", "code"):
            return sentence.replace("{value}", self._named(value, unit))
        number = float(value)
        shown = _localised(_show_number(number, unit), language)
        chosen = _choose(sentence, is_first=number < 1 if unit == "ratio" else shown == "1")
        return (
            chosen.replace("{value}", shown)
            .replace("{time}", in_time(number, language))
            .replace("{difference}", _localised(f"{abs(number - 1):.0%}", language))
        )

    def _named(self, value: str, unit: Unit) -> str:
        match unit:
            case "category":
                return self.names.category(value)
            case "code":
                return self.names.code(value)
            case _:
                return value


def wording(families: Iterable[DeclaredFamily], names: DisplayNames | None = None) -> Wording:
    """Return the wording of every feature of some families, in English where no names are given."""
    features = {one.column(feature): feature for one in families for feature in one.features}
    return Wording(features, names or DisplayNames())


def _localised(number: str, language: Language) -> str:
    if language == "en":
        return number
    local = number.translate(_ENGLISH_TO_LOCAL)
    return local.replace("%", " %") if language == "es" else local


def _show_number(value: float, unit: Unit) -> str:
    """Return a value in its unit, with no more digits than anybody reads."""
    match unit:
        case "share":
            return f"{value:.0%}"
        case "money":
            return f"{value:,.2f}"
        case "count" | "days" | "years":
            return f"{value:,.0f}"
        case _:
            return f"{value:.1f}".removesuffix(".0")


def _choose(sentence: str, *, is_first: bool) -> str:
    """Keep one side of each `[first|second]`."""
    return _CHOICE.sub(r"\1" if is_first else r"\2", sentence)

"""A feature's value in a marketer's words, from the sentence that its family declares."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.features.declared_family import DeclaredFamily
from pipeline.features.feature import Feature, Unit
from pipeline.foundation.config import Language

_CHOICE = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
_UNKNOWN: Mapping[Language, str] = {"en": "not known", "es": "desconocido", "pt": "desconhecido"}
# English writes 1,234.50 and 35%, the other languages 1.234,50 and 35 %.
_ENGLISH_TO_LOCAL = str.maketrans({",": ".", ".": ",", "%": " %"})


@dataclass(frozen=True)
class Wording:
    """The features that have a sentence, by the name of their column."""

    features: Mapping[str, Feature]
    language: Language = "en"

    def __call__(self, feature: str, value: str | None, category: str) -> str:
        """Return one sentence without a full stop.

        Args:
            feature: the column.
            value: its value as text; None where it is missing, which has a meaning of its own.
            category: the candidate that the customer is scored for.
        """
        declared = self.features.get(feature)
        if declared is None:
            name = feature.replace("__", ", ").replace("_", " ")
            return f"{name}: {value or _UNKNOWN[self.language]}"
        sentences = declared.sentences(self.language)
        if value is None:
            return sentences.empty.replace("{category}", category)
        shown = _show(value, declared.unit, self.language)
        chosen = _choose(sentences.valued, is_one=shown == "1")
        return chosen.replace("{value}", shown).replace("{category}", category)


def wording(families: Iterable[DeclaredFamily], language: Language = "en") -> Wording:
    """Return the wording of every feature of some families."""
    features = {one.column(feature): feature for one in families for feature in one.features}
    return Wording(features, language)


def _show(value: str, unit: Unit, language: Language) -> str:
    """Return a value in its unit, with no more digits than anybody reads."""
    if unit == "text":
        return value
    shown = _show_number(float(value), unit)
    return shown if language == "en" else shown.translate(_ENGLISH_TO_LOCAL)


def _show_number(value: float, unit: Unit) -> str:
    match unit:
        case "share":
            return f"{value:.0%}"
        case "money":
            return f"{value:,.2f}"
        case "count" | "days" | "years":
            return f"{value:,.0f}"
        case _:
            return f"{value:.1f}".removesuffix(".0")


def _choose(sentence: str, *, is_one: bool) -> str:
    """Keep one side of each `[one|several]`."""
    return _CHOICE.sub(r"\1" if is_one else r"\2", sentence)

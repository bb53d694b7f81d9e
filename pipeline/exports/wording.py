"""A feature's value in a marketer's words, from the sentence that its family declares."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.features.catalogue import Feature
from pipeline.features.family import Family


@dataclass(frozen=True)
class Wording:
    """The features that can be told, by the name of their column."""

    features: Mapping[str, Feature]

    def __call__(self, feature: str, value: str | None, category: str) -> str:
        """Return one sentence without a full stop.

        Args:
            feature: the column.
            value: its value as text; None where it is missing, which has a meaning of its own.
            category: the candidate that the customer is scored for.
        """
        declared = self.features.get(feature)
        if declared is None:
            return f"{feature.replace('__', ', ').replace('_', ' ')}: {value or 'not known'}"
        if value is None:
            return f"{declared.description.replace('{category}', category)}: {declared.absence}"
        shown = _show(value, declared)
        told = declared.reason.replace("{value}", shown).replace("{category}", category)
        is_one = shown == "1" and declared.unit in {"count", "days"}
        return _singular(told) if is_one else told


def wording(families: Iterable[Family]) -> Wording:
    """Return the wording of every feature of some families."""
    return Wording({one.column(feature): feature for one in families for feature in one.features})


def _show(value: str, feature: Feature) -> str:
    """Return a value in its unit, with no more digits than anybody reads."""
    match feature.unit:
        case "text":
            return value
        case "share":
            return f"{float(value):.0%}"
        case "money":
            return f"{float(value):,.2f}"
        case "count" | "days" | "years":
            return f"{float(value):,.0f}"
        case _:
            return f"{float(value):.1f}".removesuffix(".0")


def _singular(told: str) -> str:
    """Say "once" and "1 product" where the sentence was written for several."""
    told = told.replace("1 times", "once")
    told = re.sub(r"\b1 (\w+)ies\b", r"1 \1y", told)
    return re.sub(r"\b1 (\w+)s\b", r"1 \1", told)

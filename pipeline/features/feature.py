"""How a feature is declared: what it measures, in which unit, and what its absence means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from pipeline.features.reason_range import ANY_VALUE, NEVER_TOLD, ReasonRange
from pipeline.foundation.config import Language
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CUSTOMER_KEYS

Grain = Literal["customer", "candidate"]
Unit = Literal[
    "count",
    "days",
    "years",
    "money",
    "share",
    "ratio",
    "score",
    "tier",
    "points",
    "text",
    "category",
    "code",
]
"""A `category` is told by its display name, a `code` of the contract (a channel) in words."""

KEYS: Mapping[Grain, tuple[str, ...]] = {
    "customer": CUSTOMER_KEYS,
    "candidate": CANDIDATE_KEYS,
}
YEAR_DAYS = 365
NEVER = "never happened before the as-of date"
UNKNOWN = "not known"
POPULARITY = "popularity"
"""The topic of what holds for the market rather than for the customer."""


class Sentences(NamedTuple):
    """What a marketer reads when a feature is a reason, in one language."""

    valued: str
    """With a value; `{value}`, `{category}`, `{time}` and `{difference}` are filled in.

    Of `[first|second]` it keeps the first where the value reads "1", or, of a ratio, is below 1.
    `{time}` is a number of days as people say it, `{difference}` how far a ratio is from 1.
    """
    empty: str | None = None
    """Without one, where that may be a reason; `{category}` is filled in."""


@dataclass(frozen=True)
class Feature:
    """One column of a family, without the family's prefix."""

    name: str
    """`<measure>` or `<measure>__<window>`."""
    description: str
    unit: Unit
    absence: str
    """What an empty value means."""
    as_reason: ReasonRange = ANY_VALUE
    """Which of its values may be told as a reason."""
    grain: Grain = "customer"
    window_days: int | None = None
    topic: str | None = None
    """What it says together with others, which are one reason then; its measure where None."""
    reasons: Mapping[Language, Sentences] = field(default_factory=dict, hash=False)
    """Filled in from the family's `reasons.<language>.yaml` when the family is loaded.

    Of a feature that is never told there are none.
    """

    @property
    def measure(self) -> str:
        """Return the name without its window: the concept that the windows share."""
        return self.name.split("__")[0]

    @property
    def is_told(self) -> bool:
        """Say whether any of its values may be a reason."""
        return self.as_reason is not NEVER_TOLD

    def sentences(self, language: Language) -> Sentences:
        """Return its sentences in a language, or in English where it has no translation."""
        return self.reasons.get(language, self.reasons["en"])


def windowed(feature: Feature, windows: Sequence[int]) -> tuple[Feature, ...]:
    """Declare one feature per window in days; `{days}` in its texts is filled in."""
    return tuple(
        replace(
            feature,
            name=f"{feature.name}__{days}d",
            description=feature.description.replace("{days}", str(days)),
            window_days=days,
        )
        for days in windows
    )


def candidate(*features: Feature) -> tuple[Feature, ...]:
    """Declare features of a customer × category."""
    return tuple(replace(feature, grain="candidate") for feature in features)

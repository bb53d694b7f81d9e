"""How a feature is declared: what it measures, in which unit, and what its absence means."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Grain = Literal["customer", "candidate"]
Unit = Literal[
    "count", "days", "years", "money", "share", "ratio", "score", "tier", "text", "points"
]

NEVER = "never happened before the as-of date"
UNKNOWN = "not known"


@dataclass(frozen=True)
class Feature:
    """One column of a family, without the family's prefix."""

    name: str
    """`<measure>` or `<measure>__<window>`."""
    description: str
    unit: Unit
    absence: str
    """What an empty value means."""
    reason: str
    """The sentence a marketer reads; `{value}` and `{category}` are filled in."""
    grain: Grain = "customer"
    window_days: int | None = None

    @property
    def measure(self) -> str:
        """Return the name without its window: the concept that the windows share."""
        return self.name.split("__")[0]


def windowed(feature: Feature, windows: Sequence[int]) -> tuple[Feature, ...]:
    """Declare one feature per window in days; `{days}` in its texts is filled in."""
    return tuple(
        replace(
            feature,
            name=f"{feature.name}__{days}d",
            description=feature.description.replace("{days}", str(days)),
            reason=feature.reason.replace("{days}", str(days)),
            window_days=days,
        )
        for days in windows
    )


def candidate(*features: Feature) -> tuple[Feature, ...]:
    """Declare features of a customer × category."""
    return tuple(replace(feature, grain="candidate") for feature in features)

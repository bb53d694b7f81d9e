"""What a package says of itself beside its files: who scored, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ModelFacts:
    """What the reader of a package needs to know of one model."""

    version: str
    scored_by: str
    """`model`, or the baseline that scores in its place."""
    in_words: str
    """The verdict, in plain words."""
    left_out: Sequence[Mapping[str, object]]
    """Categories with too few outcomes to learn from: `{category, outcomes}`."""


def describe_package(
    as_of_date: date,
    models: Mapping[str, ModelFacts],
    missing_tables: Sequence[str],
    switched_off: Mapping[str, str],
) -> dict[str, object]:
    """Return the manifest's facts, ready for JSON.

    Args:
        as_of_date: the day of looking.
        models: by name.
        missing_tables: optional tables that the source does not have.
        switched_off: feature families that could not be computed, with the reason.
    """
    return {
        "as_of_date": as_of_date.isoformat(),
        "direction": "rank, percentile and decile: 1 is best",
        "models": {name: vars(facts) for name, facts in models.items()},
        "missing_tables": sorted(missing_tables),
        "switched_off_feature_families": dict(sorted(switched_off.items())),
    }

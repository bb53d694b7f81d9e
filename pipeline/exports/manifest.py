"""What a package says of itself beside its files: who scored, and what is missing."""

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation.config import TimeZones
from pipeline.foundation.contracts.hand_overs.funnel_report import SampleSizeAdvice
from pipeline.foundation.contracts.hand_overs.package_manifest import ManifestModel


def describe_package(
    as_of_date: date,
    models: Mapping[str, ManifestModel],
    missing_tables: Sequence[str],
    switched_off: Mapping[str, str],
    zones: TimeZones,
) -> dict[str, object]:
    """Return the manifest's facts, ready for JSON.

    Args:
        as_of_date: of the scores and the decision.
        models: by name.
        missing_tables: optional tables that the source does not have.
        switched_off: feature families that could not be computed, with the reason.
        zones: of weekdays and hours to send.
    """
    shared: dict[str, object] = {"timezone": zones.default}
    by_place = {
        "timezone_attribute": zones.attribute,
        "timezones": dict(sorted(zones.zones.items())),
    }
    return {
        "as_of_date": as_of_date.isoformat(),
        **(shared | by_place if zones.attribute else shared),
        "direction": "rank, top_percent and decile: 1 is best",
        "models": {name: facts.model_dump(mode="json") for name, facts in models.items()},
        "missing_tables": sorted(missing_tables),
        "switched_off_feature_families": dict(sorted(switched_off.items())),
    }


SAID_OF_WAVE = ("wave", "valid_from", "valid_until", "arm", "effect_origin", "suppression_reason")
_ORIGINS = {"assumed": "assumed, not measured"}


def describe_wave(
    offers: pa.Table, sample_size: Mapping[str, SampleSizeAdvice]
) -> dict[str, object]:
    """Return what the manifest says of the decision: when it holds, for whom, what it can show.

    Args:
        offers: SAID_OF_WAVE of what `empty_unsent` returns.
        sample_size: the advice before sending, by campaign.
    """
    valid = pc.min_max(offers["valid_from"])["min"], pc.min_max(offers["valid_until"])["max"]
    return {
        "waves": sorted(pc.unique(offers["wave"].drop_null()).to_pylist()),
        "valid_from": _text(valid[0]),
        "valid_until": _text(valid[1]),
        "arms": _count(offers["arm"]),
        "effects": {
            _ORIGINS.get(origin, origin): count
            for origin, count in _count(offers["effect_origin"]).items()
        },
        "sample_size": {
            name: one.model_dump(mode="json") for name, one in sorted(sample_size.items())
        },
        "suppressed": _count(offers["suppression_reason"]),
    }


def _count(values: pa.ChunkedArray) -> dict[str, int]:
    """Return how often each value comes, in order of name; empty ones are not counted."""
    counted = pc.value_counts(values.drop_null()).to_pylist()
    return dict(sorted((entry["values"], entry["counts"]) for entry in counted))


def _text(day: pa.Scalar) -> str | None:
    return day.as_py().isoformat() if day.is_valid else None

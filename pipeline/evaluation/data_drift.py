"""Data drift at the scoring day: tables, feature families and categories against their own habit.

Outcomes come weeks later; what the scores are made from can be looked at before they are sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.hand_overs.drift_report import (
    DriftFinding,
    DriftReport,
    FamilyDrift,
    TableVolume,
)
from pipeline.statistics.event_volume import WINDOW_DAYS, EventVolume, measure_volume
from pipeline.statistics.psi import ALERT_LIMIT, BINS, histogram_of, psi_between

WARN_SILENT_DAYS = 28
HABITS = 2
"""A silence is worth a look when it is so many times the longest before."""
LEAST_DATES = 4
PSI_HABITS = 3.0
"""A feature has moved when its PSI is so many times the greatest between earlier dates."""


@dataclass(frozen=True)
class DriftLimits:
    """From where on no wave is sent until somebody has looked."""

    stop_silent_days: int
    stop_volume_ratio: float


def judge_drift(
    scoring: date,
    volumes: Mapping[str, EventVolume],
    families: Mapping[str, FamilyDrift],
    new_categories: Mapping[str, date],
    limits: DriftLimits,
) -> DriftReport:
    """Put together what has moved by the scoring day.

    Args:
        scoring: the scoring as-of date.
        volumes: by table with dates.
        families: by feature family.
        new_categories: and the day of their first event.
        limits: that stop a wave.
    """
    findings = [
        finding
        for name, volume in sorted(volumes.items())
        for finding in _judge_table(name, volume, scoring, limits)
    ]
    findings += [
        DriftFinding(
            reason=f"{name}: {found.moved} of {found.features} features are spread otherwise than at "
            f"the date before; {found.strongest} the most (PSI {found.psi:.2f}, "
            f"{found.usual_psi:.2f} at most between earlier dates).",
            stops=False,
        )
        for name, found in sorted(families.items())
        if found.moved
    ]
    findings += [
        DriftFinding(
            reason=f"Category {name} has its first events in the {WINDOW_DAYS} days before "
            f"{scoring}: no model can have learnt it.",
            stops=False,
        )
        for name in sorted(new_categories)
    ]
    return DriftReport(
        scoring_as_of_date=scoring,
        tables={
            name: TableVolume(
                silent_days=volume.silent_days,
                longest_silence_days=volume.longest_silence_days,
                rows=volume.rows,
                usual_rows=volume.usual_rows,
            )
            for name, volume in sorted(volumes.items())
        },
        families=dict(sorted(families.items())),
        new_categories=dict(sorted(new_categories.items())),
        findings=tuple(findings),
    )


def volume_of(days: pd.DataFrame, scoring: date) -> EventVolume | None:
    """Measure a table; None where no row lies before the scoring day.

    Args:
        days: `day` and its `rows`.
        scoring: the scoring as-of date.
    """
    ago = (pd.Timestamp(scoring) - pd.to_datetime(days["day"])).dt.days.to_numpy(np.int64) - 1
    is_past = ago >= 0
    if not is_past.any():
        return None
    return measure_volume(ago[is_past], days["rows"].to_numpy(np.int64)[is_past])


def new_categories_of(firsts: pd.DataFrame, scoring: date) -> dict[str, date]:
    """Return the categories that appeared in the last weeks, and when.

    Args:
        firsts: `category` and `first`, the day of its first event.
        scoring: the scoring as-of date. Where all history is hardly longer than those weeks,
            everything is new and nothing is said.
    """
    first = pd.to_datetime(firsts["first"])
    since = pd.Timestamp(scoring - timedelta(days=WINDOW_DAYS))
    if not (first < since - pd.Timedelta(days=2 * WINDOW_DAYS)).any():
        return {}
    is_new = (first >= since) & (first < pd.Timestamp(scoring))
    found = firsts["category"][is_new]
    return {name: day.date() for name, day in zip(found, first[is_new], strict=True)}


def family_drift(snapshots: Sequence[pd.DataFrame]) -> FamilyDrift | None:
    """Hold a family's features at the last date against the date before, and that against habit.

    Args:
        snapshots: the features at as-of dates in a row, the scoring one last, texts as `category`;
            None is said of fewer than four.

    Source:
        PSI with its usual limit (Siddiqi, 2006), above what it is by chance with so few rows
        (Yurdakul, 2018: (bins - 1)(1/n + 1/m) in the mean).
    """
    if len(snapshots) < LEAST_DATES:
        return None
    moved: list[tuple[float, str, float, float]] = []
    for name in snapshots[0].columns:
        steps = [psi_between(one[name], two[name]) for one, two in pairwise(snapshots)]
        now, usual = steps[-1], max(steps[:-1])
        chance = 2 * BINS * (1 / max(len(snapshots[-1]), 1) + 1 / max(len(snapshots[-2]), 1))
        is_told = len(histogram_of(snapshots[-2][name]).bins) > 1  # a constant has no spread
        if is_told and now > max(ALERT_LIMIT + chance, PSI_HABITS * usual):
            moved.append((now / max(usual, 1e-6), name, now, usual))
    strongest = max(moved, default=None)
    return FamilyDrift(
        features=snapshots[0].shape[1],
        moved=len(moved),
        strongest=strongest[1] if strongest else None,
        psi=round(strongest[2], 6) if strongest else None,
        usual_psi=round(strongest[3], 6) if strongest else None,
    )


def _judge_table(
    name: str, volume: EventVolume, scoring: date, limits: DriftLimits
) -> list[DriftFinding]:
    longest = volume.longest_silence_days or 0
    if volume.silent_days > max(WARN_SILENT_DAYS, HABITS * longest):
        reason = (
            f"{name}: no row in the {volume.silent_days} days before {scoring}; its longest silence "
            f"before that was {longest} days."
        )
        return [DriftFinding(reason=reason, stops=volume.silent_days > limits.stop_silent_days)]
    if volume.rows == 0 or not volume.is_unusual or volume.usual_rows is None:  # or silent by habit
        return []
    ratio = (volume.rows + 1) / (volume.usual_rows + 1)
    reason = (
        f"{name}: {volume.rows:,} rows in the {WINDOW_DAYS} days before {scoring}, where "
        f"{volume.usual_rows:,.0f} are usual."
    )
    return [DriftFinding(reason=reason, stops=max(ratio, 1 / ratio) > limits.stop_volume_ratio)]

"""Why a row scored high: contributions of like features added up, the largest first.

Features of one concept (the same measure over several windows) share its credit almost at random,
so they are told as one reason, by the feature that contributed most of those whose value may be told.
What is small beside a row's largest reason explains nothing and is left out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.statistics.arrays import Floats, Ints

Flags = npt.NDArray[np.bool_]

SMALLEST_SHARE = 0.05
"""Of the largest contribution of a row: below it a concept is no reason."""


@dataclass(frozen=True)
class Reasons:
    """One entry a reason, sorted by row and position."""

    rows: Ints
    """Which row of the contributions."""
    positions: Ints
    """1 is the largest."""
    features: Ints
    """Which column of the contributions speaks for the concept."""
    contributions: Floats
    """Log-odds by which the concept as a whole raised the score, before calibration."""


def find_reasons(
    contributions: Floats,
    concepts: Sequence[str],
    count: int,
    last: Collection[str] = (),
    tellable: Flags | None = None,
) -> Reasons:
    """Return up to `count` concepts that raised each row's score.

    Args:
        contributions: rows × features.
        concepts: the concept of each feature.
        count: how many reasons a row may have.
        last: concepts that are told after all others, however much they contributed.
        tellable: rows × features, whether the value may be told; a concept is where one of its
            features that raised the score may be. All may be where it is None.
    """
    told = sorted(set(concepts))
    if not told or count == 0 or len(contributions) == 0:
        empty = np.empty(0, dtype=np.int64)
        return Reasons(empty, empty, empty, np.empty(0))
    members = [np.flatnonzero(np.array(concepts) == concept) for concept in told]
    spoken = contributions if tellable is None else np.where(tellable, contributions, -np.inf)
    speakers = np.column_stack(
        [columns[np.argmax(spoken[:, columns], axis=1)] for columns in members]
    )
    totals = np.column_stack([contributions[:, columns].sum(axis=1) for columns in members])
    totals[np.take_along_axis(spoken, speakers, axis=1) <= 0] = 0
    totals[totals < SMALLEST_SHARE * totals.max(axis=1, keepdims=True)] = 0
    is_last = np.isin(told, sorted(last))
    places = np.where(totals > 0, totals - is_last * (1 + totals.max()), -np.inf)
    best = np.argsort(-places, axis=1, kind="stable")[:, :count]
    shape = best.shape
    rows = np.repeat(np.arange(shape[0]), shape[1])
    positions = np.tile(np.arange(1, shape[1] + 1), shape[0])
    amounts = np.take_along_axis(totals, best, axis=1).ravel()
    features = np.take_along_axis(speakers, best, axis=1).ravel()
    raises = amounts > 0
    return Reasons(rows[raises], positions[raises], features[raises], amounts[raises])

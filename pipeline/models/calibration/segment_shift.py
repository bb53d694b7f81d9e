"""Segment calibration by empirical Bayes: a shift of the pooled curve in log-odds, shrunk to 0.

A segment is a value of a text column, such as the candidate on offer. Its shift in log-odds is
pulled towards 0, the pool, the more the fewer its outcomes; how strongly, the spread of the shifts
themselves says (empirical Bayes; Efron and Morris, 1975). Part of what a segment was off in one
period is gone in the next: where rows have periods, the part that carries over is kept, as far as
the shifts of the period before agree with those found. Shifts are taken up only if they pay on
rows they were not fitted on.

    segment  rows  predicted  observed  own shift  variance by chance  shrunk shift
    loan     5000    0.05       0.06       0.19          0.004             0.18
    pet       200    0.05       0.08       0.50          0.105             0.20
    card     1000    0.05       0.05       0.00          0.021             0.00

The variance by chance is 1 / (rows · 0.05 · 0.95). The mean square of the own shifts, 0.095, less
the mean variance by chance, 0.043, leaves 0.052 between segments: the prior is normal around 0 with
precision 1 / 0.052. Pet's larger shift rests on few rows and is shrunk the most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from pipeline.models.calibration.curve import EDGE, FOLDS, log_losses
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats, dot, exceeds_standard_error
from pipeline.statistics.newton import fit_logistic, rounded

MIN_SEGMENTS = 4
"""With fewer, two periods agree or disagree by chance."""
WEAK = 0.1
"""Precision of the prior under which the spread of the shifts is looked at first."""


def move_log_odds(propensities: Floats, shifts: Floats) -> Floats:
    """Return the propensities, each moved by so much in log-odds."""
    log_odds = logit(np.clip(propensities, EDGE, 1 - EDGE))
    return np.asarray(expit(log_odds + shifts), dtype=np.float64)


def look_up_segments(segments: pd.Series, values: Mapping[str, float], *, unknown: float) -> Floats:
    """Return the value of each row's segment; `unknown` where it has none, or the row no segment."""
    found = segments.astype("category").cat
    known = [values.get(str(name), unknown) for name in found.categories]
    return np.array([*known, unknown])[found.codes]  # an empty value has code -1, the last


@dataclass(frozen=True)
class SegmentShifts:
    """How far each segment's log-odds lie from the pool's; one never seen stays with the pool."""

    column: str
    shifts: Mapping[str, float]
    deviations: Mapping[str, float] = field(default_factory=dict)
    """How uncertain each level is, in log-odds; empty where it was found, not forecast."""

    def apply(self, propensities: Floats, features: pd.DataFrame) -> Floats:
        """Return the pool's propensities, moved."""
        return move_log_odds(propensities, self.of(features))

    def of(self, features: pd.DataFrame) -> Floats:
        """Return the shift of each row."""
        return look_up_segments(features[self.column], self.shifts, unknown=0.0)

    def to_json(self) -> dict[str, Any]:
        """Return the shifts as they are saved."""
        saved = {"column": self.column, "shifts": dict(self.shifts)}
        return saved | ({"deviations": dict(self.deviations)} if self.deviations else {})

    @classmethod
    def from_json(cls, saved: Mapping[str, Any] | None) -> "SegmentShifts | None":
        """Return the shifts that were saved, if any were."""
        return (
            None
            if saved is None
            else cls(saved["column"], saved["shifts"], saved.get("deviations", {}))
        )


@dataclass(frozen=True)
class ShiftTrial:
    """The shifts, if they pay, and the held-out log loss without and with them."""

    shifts: SegmentShifts | None
    log_losses: Mapping[str, float]
    carried_over: float
    """The part of the shifts that the next period is expected to show."""


def try_shifts(
    column: str,
    held_out: Examples,
    pooled: Floats,
    before: tuple[Examples, Floats] | None = None,
) -> ShiftTrial:
    """Fit shifts on rows that the ranking model did not see, and keep them if they pay.

    They must gain more than one standard error on groups they were not fitted on, as a curve must.

    Args:
        column: the text feature whose values are the segments.
        held_out: the rows.
        pooled: their propensities by the pool's curve.
        before: rows of the period before with their propensities, where there is one.
    """
    names = sorted(held_out.features[column].dropna().astype("object").unique())
    rows = _rows(column, names, held_out, pooled)
    codes, labels, weights = rows.codes, rows.labels, rows.weights
    groups = np.unique(held_out.groups, return_inverse=True)[1]
    kept = 1.0 if before is None else carry_over(column, (held_out, pooled), before)
    shifted = np.empty(len(labels))
    for fold in range(FOLDS):
        is_out = groups % FOLDS == fold
        found = kept * _fit(rows.take(~is_out), len(names))  # code -1 is an empty value: the pool
        shifted[is_out] = move_log_odds(pooled[is_out], np.append(found, 0.0)[codes[is_out]])
    as_pool, as_shifted = log_losses(labels, pooled), log_losses(labels, shifted)
    total = float(weights.sum())
    shifts = fit_shifts(column, held_out, pooled, kept)
    return ShiftTrial(
        shifts if exceeds_standard_error(as_pool - as_shifted, weights, groups) else None,
        {"pooled": dot(as_pool, weights) / total, "shifted": dot(as_shifted, weights) / total},
        kept,
    )


def carry_over(column: str, now: tuple[Examples, Floats], before: tuple[Examples, Floats]) -> float:
    """Return the correlation of two periods' shifts, from 0 to 1; with few segments all of it.

    If both show the same lasting shift and each a passing one of its own, this is the slope of
    the next period's shifts on these. A ranking model that was fitted on the rows before shows
    less of a shift there than there was, which the correlation does not mind.

    Args:
        column: the text feature whose values are the segments.
        now: rows with their propensities by the pool's curve; their segments are compared.
        before: those of the period before.
    """
    names = sorted(now[0].features[column].dropna().astype("object").unique())
    return _correlation(_rows(column, names, *now), _rows(column, names, *before), len(names))


def fit_shifts(column: str, held_out: Examples, pooled: Floats, kept: float) -> SegmentShifts:
    """Return the shrunk shifts of all held-out rows, of which a given part is kept."""
    names = sorted(held_out.features[column].dropna().astype("object").unique())
    values = rounded(kept * _fit(_rows(column, names, held_out, pooled), len(names)))
    return SegmentShifts(column, dict(zip(map(str, names), values, strict=True)))


@dataclass(frozen=True)
class _SegmentRows:
    codes: npt.NDArray[np.int64]
    labels: Floats
    weights: Floats
    pooled: Floats

    def take(self, rows: npt.NDArray[np.bool_]) -> "_SegmentRows":
        return _SegmentRows(
            self.codes[rows], self.labels[rows], self.weights[rows], self.pooled[rows]
        )


def _rows(column: str, names: Sequence[str], examples: Examples, pooled: Floats) -> _SegmentRows:
    """Return the rows of known segments; an empty value belongs to the pool."""
    codes = pd.Index(names).get_indexer(pd.Index(examples.features[column].astype("object")))
    labels = examples.labels.astype(np.float64)
    return _SegmentRows(codes.astype(np.int64), labels, examples.weights, pooled)


def _correlation(rows: _SegmentRows, before: _SegmentRows, count: int) -> float:
    if count < MIN_SEGMENTS:
        return 1.0
    now, then = _loose(rows, count), _loose(before, count)
    weights = np.sqrt(_information(rows, count) * _information(before, count))
    now, then = (shifts - np.average(shifts, weights=weights) for shifts in (now, then))
    spreads = dot(weights, now**2) * dot(weights, then**2)
    together = dot(weights, now * then) / float(np.sqrt(spreads)) if spreads > 0 else 0.0
    return float(rounded(np.array([np.clip(together, 0.0, 1.0)]))[0])


def _loose(rows: _SegmentRows, count: int) -> Floats:
    """Return the shift of each segment, hardly shrunk."""
    return np.array([_shift(rows.take(rows.codes == code), WEAK) for code in range(count)])


def _information(rows: _SegmentRows, count: int) -> Floats:
    """Return how much the rows tell of each segment's shift: one over its variance by chance."""
    information = rows.weights * rows.pooled * (1 - rows.pooled)
    known = rows.codes >= 0
    found = np.bincount(rows.codes[known], information[known], minlength=count)
    return np.maximum(np.asarray(found, dtype=np.float64), EDGE)


def _fit(rows: _SegmentRows, count: int) -> Floats:
    """Return the shrunk shift of each segment; none where they differ no more than by chance."""
    loose, by_chance = _loose(rows, count), 1 / _information(rows, count)
    spread = float(np.mean(loose**2) - np.mean(np.minimum(by_chance, 1 / WEAK)))
    if spread <= 0:
        return np.zeros(count)
    return np.array([_shift(rows.take(rows.codes == code), 1 / spread) for code in range(count)])


def _shift(rows: _SegmentRows, precision: float) -> float:
    if len(rows.labels) == 0:
        return 0.0
    ones = np.ones((len(rows.labels), 1))
    offset = np.asarray(logit(np.clip(rows.pooled, EDGE, 1 - EDGE)), dtype=np.float64)
    prior = np.zeros(1)
    found = fit_logistic(ones, rows.labels, rows.weights, prior, precision=precision, offset=offset)
    return float(found[0])

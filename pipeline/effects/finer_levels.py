"""Finer levels of the effect, each let in if later periods are the better predicted for it.

For every later period the effect is learnt from all periods before it, with and without the level,
and both are put to the loss whose least value is the effect (the R-loss of Nie and Wager, 2021, in
the form of the estimating equations): w (W (1 − e) v s² − 2 (W − e)(Y − m0) s). The gain is summed
by group; the level enters where the gain is significant at 5%, one-sided: more than 1.645 of its
standard errors.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.effects.comparison import Comparisons
from pipeline.effects.design import Design
from pipeline.effects.evidence import evidence_of, no_evidence
from pipeline.effects.shrinking import Prior, combine
from pipeline.statistics.arrays import Floats, sum_by_code

MIN_PERIODS = 3
BAR = 1.645
"""Standard errors of the gain: the 95% quantile of the normal distribution."""


@dataclass(frozen=True)
class Gain:
    """What a finer level gained out of time; positive is better."""

    level: str
    gained: float
    error: float
    periods: int
    """Later periods that were predicted."""

    @property
    def enters(self) -> bool:
        """Say whether the level earned its place."""
        return self.periods > 0 and self.gained > BAR * self.error


def gain_out_of_time(
    rows: Comparisons, finer: Design, coarser: Design, prior: Prior, level: str
) -> Gain:
    """Return what a design gains over a coarser one on periods later than those it learnt from."""
    periods = np.unique(rows.periods)
    later = periods[max(len(periods) // 2, 1) :] if len(periods) >= MIN_PERIODS else periods[:0]
    gained = np.zeros(len(rows))
    for period in later:
        past = np.flatnonzero(rows.periods < period)
        now = np.flatnonzero(rows.periods == period)
        known, asked = rows.take(past), rows.take(now)
        losses = [_loss(asked, _predict(known, asked, one, prior)) for one in (coarser, finer)]
        gained[now] = losses[0] - losses[1]
    codes = np.unique(rows.groups, return_inverse=True)[1]
    by_group = sum_by_code(codes, gained) if len(rows) else np.zeros(1)
    error = float(np.sqrt((by_group**2).sum()))
    return Gain(level, round(float(by_group.sum()), 4), round(error, 4), len(later))


def learn(rows: Comparisons, design: Design, prior: Prior) -> Floats:
    """Return the coefficients that rows say, shrunken."""
    matrix = design.matrix(rows.arm, rows.levels, rows.traits)
    found = combine(
        design.level_of_columns(), prior, evidence_of(rows, matrix), no_evidence(matrix.shape[1])
    )
    return found.coefficients


def _predict(known: Comparisons, asked: Comparisons, design: Design, prior: Prior) -> Floats:
    matrix = design.matrix(asked.arm, asked.levels, asked.traits)
    return np.asarray(np.einsum("ij,j->i", matrix, learn(known, design, prior)), dtype=np.float64)


def _loss(rows: Comparisons, share: Floats) -> Floats:
    lean = rows.weights * (rows.treated - rows.probability)
    curve = lean * rows.treated * rows.variance * share**2
    return np.asarray(curve - 2 * lean * (rows.outcomes - rows.baseline) * share, np.float64)


def entering(gains: Sequence[Gain]) -> tuple[str, ...]:
    """Return the levels that earned their place."""
    return tuple(gain.level for gain in gains if gain.enters)

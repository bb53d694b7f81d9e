"""Figures without the noise of outcomes: what each would be on average, where the truth is known.

A row that happens with probability p counts as p of an outcome and 1 − p of none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.evaluation.metrics import FIGURES, column_of
from pipeline.evaluation.replicates import Replicates
from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.models.calibration.curve import log_losses
from pipeline.statistics.arrays import Floats, Ints
from pipeline.statistics.bootstrap import draw_groups


@dataclass(frozen=True)
class Ranked:
    """One scorer's rows, best first."""

    truth: Floats
    losses: Floats
    groups: npt.NDArray[np.integer]
    ends: Ints
    """For each row, where its block of equal scores ends: the last row of the block."""


def rank(predicted: Floats, truth: Floats, groups: npt.NDArray[np.integer]) -> Ranked:
    """Sort one scorer's rows."""
    order = np.argsort(-predicted, kind="stable")
    scores, known = predicted[order], truth[order]
    last = np.flatnonzero(np.append(scores[1:] != scores[:-1], True))
    ends = last[np.searchsorted(last, np.arange(len(scores)))]
    return Ranked(known, log_losses(known, scores), groups[order], ends)


def measure_expected(rows: Ranked, draws: Floats | None = None) -> tuple[float, float]:
    """Return the log loss and the average precision to be expected.

    Precision is taken at the end of a block of equal scores; a row's own outcome, given that it
    happened, is sure; rows drawn twice are two customers, each with an outcome of its own. The
    number of outcomes is taken for its mean, which many rows allow.

    Args:
        rows: of one scorer.
        draws: how often each group was drawn; once each by default.
    """
    weights = np.ones(len(rows.truth)) if draws is None else draws[rows.groups]
    outcomes = weights * rows.truth
    above = np.cumsum(outcomes)[rows.ends] + 1 - rows.truth
    count = np.cumsum(weights)[rows.ends]
    precision = np.divide(above, count, out=np.zeros(len(count)), where=count > 0)
    return (
        float((weights * rows.losses).sum() / weights.sum()),
        float((outcomes * precision).sum() / outcomes.sum()),
    )


def replicate_expected(
    predicted: Mapping[str, Floats],
    truth: Floats,
    groups: npt.NDArray[np.integer],
    resampling: Resampling,
) -> Replicates:
    """Measure scorers on the same rows and the same draws of their groups.

    Of the figures, only log loss and average precision are known; the others stay NaN.
    """
    codes = np.unique(groups, return_inverse=True)[1]
    ranked = {name: rank(one, truth, codes) for name, one in predicted.items()}
    columns = [column_of("log_loss"), column_of("average_precision")]
    point = {name: np.full(len(FIGURES), np.nan) for name in predicted}
    drawn = {name: np.full((resampling.replicates, len(FIGURES)), np.nan) for name in predicted}
    draws = draw_groups(int(codes.max()) + 1, resampling.replicates, resampling.seed)
    for number, draw in enumerate(draws):
        for name, rows in ranked.items():
            drawn[name][number, columns] = measure_expected(rows, draw)
    for name, rows in ranked.items():
        point[name][columns] = measure_expected(rows)
    return Replicates(point, drawn)

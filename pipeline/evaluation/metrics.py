"""What is said of a scorer: order, probability and the top of the list, weighted and tie-aware.

Rows with equal scores count as in random order, so a rule with few distinct values gains nothing
from the order of the file. `prepare` sorts once; `measure_metrics` may then be called for many weightings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.models.calibration.curve import log_losses
from pipeline.statistics.arrays import Floats, Ints, dot

SHARES = (0.01, 0.05, 0.10, 0.20)
ECE_BINS = 20
FIGURES: tuple[str, ...] = (
    "auc",
    "average_precision",
    "log_loss",
    "brier",
    "ece",
    "base_rate",
    "mean_propensity",
    *(f"lift_at_{share * 100:.0f}" for share in SHARES),
    *(f"gain_at_{share * 100:.0f}" for share in SHARES),
)


@dataclass(frozen=True)
class Prepared:
    """One scorer's rows, best first, and all that does not change with the weights."""

    groups: npt.NDArray[np.integer]
    weights: Floats
    labels: Floats
    propensities: Floats
    losses: Floats
    squares: Floats
    bin_starts: Ints
    """The first row of each of the bins of equal count, for the calibration error."""
    block_starts: Ints
    """The first row of each block of equal scores."""
    block_of_row: Ints
    positive_blocks: Ints
    """The blocks that hold a positive."""
    positives: Ints
    """The positive rows."""
    first_in_block: Ints
    """For each positive block, where its positives begin in `positives`."""
    positives_before: Ints
    """For each block, and after the last, how many positives stand before it."""


def prepare(
    scores: Floats,
    propensities: Floats,
    labels: npt.NDArray[Any],
    weights: Floats,
    groups: npt.NDArray[np.integer],
) -> Prepared:
    """Sort one scorer's rows, best first.

    Args:
        scores: what the rows are ordered by, higher is likelier.
        propensities: the probability predicted for each row.
        labels: 0 or 1.
        weights: how many rows each row stands for.
        groups: a code from 0 on; rows of one group are drawn together.
    """
    order = np.argsort(-scores, kind="stable")
    outcomes = labels[order].astype(np.float64)
    predicted = propensities[order]
    ordered = scores[order]
    block_starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    block_of_row = np.cumsum(np.r_[0, ordered[1:] != ordered[:-1]])
    positives = np.flatnonzero(outcomes == 1)
    positive_blocks, first_in_block = np.unique(block_of_row[positives], return_index=True)
    bins = np.unique(np.arange(ECE_BINS) * len(order) // ECE_BINS)
    return Prepared(
        groups=groups[order],
        weights=weights[order],
        labels=outcomes,
        propensities=predicted,
        losses=log_losses(outcomes, predicted),
        squares=(predicted - outcomes) ** 2,
        bin_starts=bins,
        block_starts=block_starts,
        block_of_row=block_of_row,
        positive_blocks=positive_blocks,
        positives=positives,
        first_in_block=first_in_block,
        positives_before=np.searchsorted(positives, np.append(block_starts, len(order))),
    )


def measure_metrics(rows: Prepared, draws: Floats | None = None) -> Floats:
    """Return the figures in the order of `FIGURES`; NaN where only one label is there.

    Args:
        rows: the sorted rows.
        draws: how often each group was drawn; once each by default.
    """
    weights = rows.weights if draws is None else rows.weights * draws[rows.groups]
    total = float(weights.sum())
    of_positives = weights[rows.positives]
    responders = float(of_positives.sum())
    if responders <= 0 or responders >= total:
        return np.full(len(FIGURES), np.nan)
    through = np.concatenate([[0.0], np.cumsum(weights)])
    gains = _gains(rows, through, of_positives)
    predicted = dot(weights, rows.propensities) / total
    return np.array(
        [
            *_order_figures(rows, through, of_positives),
            dot(weights, rows.losses) / total,
            dot(weights, rows.squares) / total,
            _calibration_error(rows, weights),
            responders / total,
            predicted,
            *(gain / share for gain, share in zip(gains, SHARES, strict=True)),
            *gains,
        ]
    )


def _order_figures(rows: Prepared, through: Floats, of_positives: Floats) -> tuple[float, float]:
    """Return the area under the ROC curve and the average precision.

    Half of the negatives in a block of equal scores count as ranked below its positives; precision
    is taken at the end of a block, as scikit-learn does.
    """
    blocks = rows.positive_blocks
    ends = np.append(rows.block_starts[1:], len(rows.labels))[blocks]
    in_block = np.add.reduceat(of_positives, rows.first_in_block)
    positives_through = np.cumsum(in_block)
    responders = positives_through[-1]
    rows_through = through[ends]
    rows_before = through[rows.block_starts[blocks]]
    negatives = through[-1] - responders
    negatives_through = rows_through - positives_through
    negatives_before = rows_before - (positives_through - in_block)
    ranked_below = negatives - (negatives_through + negatives_before) / 2
    auc = dot(in_block, ranked_below) / (responders * negatives)
    precision = np.divide(
        positives_through, rows_through, out=np.zeros(len(blocks)), where=rows_through > 0
    )
    return auc, dot(in_block, precision) / responders


def _gains(rows: Prepared, through: Floats, of_positives: Floats) -> list[float]:
    """Return the share of all positives in the top shares of the rows.

    A block of equal scores across the border gives the part of its positives that chance would.
    """
    positives_through = np.concatenate([[0.0], np.cumsum(of_positives)])
    total = through[-1]
    gains = []
    for share in SHARES:
        row = min(int(np.searchsorted(through[1:], share * total)), len(rows.labels) - 1)
        block = rows.block_of_row[row]
        start = rows.block_starts[block]
        is_last = block + 1 == len(rows.block_starts)
        end = len(rows.labels) if is_last else rows.block_starts[block + 1]
        before = positives_through[rows.positives_before[block]]
        inside = positives_through[rows.positives_before[block + 1]] - before
        width = through[end] - through[start]
        part = (share * total - through[start]) / width if width > 0 else 0.0
        gains.append(float((before + inside * part) / positives_through[-1]))
    return gains


def _calibration_error(rows: Prepared, weights: Floats) -> float:
    """Return the mean gap between predicted and observed rates over bins of equal count."""
    sizes = np.add.reduceat(weights, rows.bin_starts)
    predicted = np.add.reduceat(weights * rows.propensities, rows.bin_starts)
    observed = np.add.reduceat(weights * rows.labels, rows.bin_starts)
    return float(np.abs(predicted - observed).sum() / sizes.sum())


def column_of(figure: str) -> int:
    """Return where a figure stands in what `measure_metrics` returns."""
    return FIGURES.index(figure)


def columns_of(figures: Sequence[str]) -> list[int]:
    """Return where figures stand in what `measure_metrics` returns."""
    return [column_of(figure) for figure in figures]

"""Prediction intervals: quantiles of the residuals of predictions of about the same size.

predicted 10, residuals of predictions near 10:  -6 … +9   interval 4 … 19
predicted 90, residuals of predictions near 90: -40 … +70  interval 50 … 160
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from pipeline.statistics.arrays import Floats, Ints

GROUPS = 20


@dataclass(frozen=True)
class Residuals:
    """The lowest and highest usual residual of each group of predictions of one size."""

    edges: Floats
    """Predictions at which one group ends and the next begins."""
    low: Floats
    high: Floats

    @classmethod
    def learn(cls, predicted: Floats, observed: Floats, confidence: float) -> Self:
        """Learn from predictions on rows that the estimator did not see."""
        edges = np.unique(np.quantile(predicted, np.linspace(0, 1, GROUPS + 1)[1:-1]))
        group = np.searchsorted(edges, predicted, side="right")
        residuals = observed - predicted
        tail = (1 - confidence) / 2
        groups = [residuals[group == number] for number in range(len(edges) + 1)]
        present = [some if len(some) else residuals for some in groups]
        low, high = (
            np.array([np.quantile(some, level) for some in present]) for level in (tail, 1 - tail)
        )
        return cls(edges, low, high)

    def around(self, predicted: Floats) -> tuple[Floats, Floats]:
        """Return the interval of each prediction, never below nothing and never beside it."""
        group = np.searchsorted(self.edges, predicted, side="right")
        low = np.maximum(predicted + np.minimum(self.low[group], 0), 0)
        return low, predicted + np.maximum(self.high[group], 0)


def coverage(predicted: Floats, observed: Floats, halves: Ints, confidence: float) -> float:
    """Return the share of rows inside intervals that were learnt on the other half."""
    inside = np.zeros(len(predicted), dtype=bool)
    for half in (0, 1):
        learnt, judged = halves != half, halves == half
        residuals = Residuals.learn(predicted[learnt], observed[learnt], confidence)
        low, high = residuals.around(predicted[judged])
        inside[judged] = (observed[judged] >= low) & (observed[judged] <= high)
    return float(inside.mean())

"""Every metric of every scorer on the same draws of the groups, so that differences are sharp."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.evaluation.metrics import FIGURES, Prepared, column_of, measure_metrics
from pipeline.statistics.arrays import Floats
from pipeline.statistics.bootstrap import Interval, basic_interval_of, draw_groups, interval_of


@dataclass(frozen=True)
class Replicates:
    """Every scorer's figures on the rows as they are, and on every draw of their groups."""

    point: Mapping[str, Floats]
    """Scorer → figures."""
    drawn: Mapping[str, Floats]
    """Scorer → replicates × figures."""

    def interval(self, scorer: str, figure: str) -> Interval:
        """Return one figure of one scorer."""
        column = column_of(figure)
        value, drawn = float(self.point[scorer][column]), self.drawn[scorer][:, column]
        return basic_interval_of(value, drawn) if figure == "ece" else interval_of(value, drawn)

    def difference(self, scorer: str, other: str, figure: str) -> tuple[float, Floats]:
        """Return how much greater a figure is than another scorer's, and so in each replicate."""
        column = column_of(figure)
        return (
            float(self.point[scorer][column] - self.point[other][column]),
            self.drawn[scorer][:, column] - self.drawn[other][:, column],
        )

    def figures(self, scorer: str) -> dict[str, Interval]:
        """Return every figure of one scorer."""
        return {figure: self.interval(scorer, figure) for figure in FIGURES}


def replicate(scorers: Mapping[str, Prepared], replicates: int, seed: int) -> Replicates:
    """Measure every scorer on the rows as they are and on every draw of their groups."""
    drawn = {name: np.empty((replicates, len(FIGURES))) for name in scorers}
    groups = 1 + max(int(rows.groups.max()) for rows in scorers.values())
    for number, draws in enumerate(draw_groups(groups, replicates, seed)):
        for name, rows in scorers.items():
            drawn[name][number] = measure_metrics(rows, draws)
    return Replicates({name: measure_metrics(rows) for name, rows in scorers.items()}, drawn)

"""Every figure of every scorer on the same rows, with intervals over groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.evaluation.calibration_line import fit_line
from pipeline.evaluation.metrics import prepare
from pipeline.evaluation.ranking import rank_lists, ranking_intervals, summarise
from pipeline.evaluation.replicates import Replicates, replicate
from pipeline.statistics.arrays import Floats, Ints
from pipeline.statistics.bootstrap import Interval, interval_of


@dataclass(frozen=True)
class Outcomes:
    """What happened to the rows that scorers are measured on."""

    labels: npt.NDArray[Any]
    weights: Floats
    groups: npt.NDArray[np.integer]
    lists: npt.NDArray[np.integer]
    """Rows that compete for the same place: one customer's candidates on one date."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.labels)

    def take(self, rows: npt.NDArray[np.bool_] | Ints) -> "Outcomes":
        """Return some of the rows."""
        return Outcomes(self.labels[rows], self.weights[rows], self.groups[rows], self.lists[rows])


@dataclass(frozen=True)
class Resampling:
    """How many draws of the groups, and their seed."""

    replicates: int
    seed: int


def compare_scorers(
    propensities: Mapping[str, Floats], outcomes: Outcomes, resampling: Resampling
) -> Replicates:
    """Measure scorers on the same rows and the same draws of their groups."""
    codes = np.unique(outcomes.groups, return_inverse=True)[1]
    labels, weights = outcomes.labels, outcomes.weights
    point, drawn = {}, {}
    for name, predicted in propensities.items():
        # One after the other: a scorer's rows, sorted, are many times its predictions.
        rows = prepare(predicted, predicted, labels, weights, codes)
        found = replicate({name: rows}, resampling.replicates, resampling.seed)
        point[name], drawn[name] = found.point[name], found.drawn[name]
    return Replicates(point, drawn)


def describe_scorer(
    name: str,
    predicted: Floats,
    measured: Replicates,
    *,
    outcomes: Outcomes,
    resampling: Resampling,
    draws: Floats,
) -> dict[str, Any]:
    """Return all that is written of one scorer; `draws` are those of the groups of `outcomes`."""
    line = fit_line(predicted, outcomes.labels, outcomes.weights, outcomes.groups, draws)
    ranking = rank_lists(predicted, outcomes.labels, outcomes.lists, outcomes.groups)
    intervals = ranking_intervals(ranking, resampling.replicates, resampling.seed)
    return {
        **{figure: found.to_json() for figure, found in measured.figures(name).items()},
        "calibration_slope": line.slope.to_json(),
        "calibration_intercept": line.intercept.to_json(),
        "ranking": summarise(intervals, ranking),
    }


def achievable_share(
    measured: Replicates, scorer: str, floor: str, ceiling: str, figure: str
) -> Interval:
    """Return how much of the way from the floor to the ceiling a scorer goes; 1 is all of it."""
    gained, gained_drawn = measured.difference(scorer, floor, figure)
    possible, possible_drawn = measured.difference(ceiling, floor, figure)
    if possible == 0:
        return Interval(None, None, None)
    with np.errstate(divide="ignore", invalid="ignore"):
        return interval_of(gained / possible, gained_drawn / possible_drawn)


def inflation(naive: Interval, honest: Interval) -> float | None:
    """Return by how much a figure over all rows exceeds that over the eligible ones."""
    if naive.value is None or honest.value is None:
        return None
    return round(naive.value - honest.value, 6)

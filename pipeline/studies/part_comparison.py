"""Scorers side by side on several parts of the rows, all on the same draws of customers.

A part is what is measured at once: the rows of a date, of a category, or all. Since every part
sees the same draws, a mean over parts has limits too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.evaluation.calibration_line import fit_line
from pipeline.evaluation.metrics import prepare
from pipeline.evaluation.replicates import Replicates, replicate
from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats
from pipeline.statistics.bootstrap import Interval, interval_of

SHOWN = (
    "auc",
    "average_precision",
    "log_loss",
    "lift_at_10",
    "ece",
    "base_rate",
    "mean_propensity",
)
COMPARED = ("auc", "average_precision", "log_loss")


@dataclass(frozen=True)
class Predicted:
    """What one scorer says of the rows of one part."""

    scorer: str
    part: str
    propensities: Floats
    rows: Examples

    @property
    def name(self) -> str:
        """Return the name under which it is measured."""
        return _name(self.scorer, self.part)


@dataclass(frozen=True)
class PartComparison:
    """Every figure of every scorer on every part, and in every draw of the customers."""

    measured: Replicates
    slopes: Mapping[str, Interval]

    def row(self, scorer: str, part: str) -> dict[str, float | None]:
        """Return the figures of one scorer on one part, each with `_low` and `_high`."""
        name = _name(scorer, part)
        found = {figure: self.measured.interval(name, figure) for figure in SHOWN}
        return interval_columns({**found, "calibration_slope": self.slopes[name]})

    def figure(self, scorer: str, part: str, figure: str) -> Interval:
        """Return one figure of one scorer on one part."""
        return self.measured.interval(_name(scorer, part), figure)

    def difference(self, scorer: str, other: str, part: str, figure: str) -> Interval:
        """Return how much greater a figure is than another scorer's on the same rows."""
        return self.mean_difference(scorer, other, [part], figure)

    def mean_difference(
        self, scorer: str, other: str, parts: Sequence[str], figure: str
    ) -> Interval:
        """Return the difference, as the mean over parts."""
        found = [
            self.measured.difference(_name(scorer, part), _name(other, part), figure)
            for part in parts
        ]
        value = float(np.mean([point for point, _ in found]))
        return interval_of(value, np.mean([drawn for _, drawn in found], axis=0))

    def differences(self, scorer: str, other: str, parts: Sequence[str]) -> dict[str, float | None]:
        """Return the differences of the compared figures, each with `_low` and `_high`."""
        return interval_columns(
            {
                f"{figure}_difference": self.mean_difference(scorer, other, parts, figure)
                for figure in COMPARED
            }
        )


def compare_parts(predicted: Sequence[Predicted], resampling: Resampling) -> PartComparison:
    """Measure every scorer on its rows; the customers of all of them are drawn together."""
    prepared = {
        one.name: prepare(
            one.propensities, one.propensities, one.rows.labels, one.rows.weights, one.rows.groups
        )
        for one in predicted
    }
    measured = replicate(prepared, resampling.replicates, resampling.seed)
    return PartComparison(measured, {one.name: _slope(one) for one in predicted})


def interval_columns(intervals: Mapping[str, Interval]) -> dict[str, float | None]:
    """Return each interval as three columns."""
    columns: dict[str, float | None] = {}
    for name, found in intervals.items():
        columns |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
    return columns


def verdict(name: str, other: str, loss: Interval) -> str:
    """Say which of two has the smaller log loss, or that it cannot be told."""
    if loss.value is None or loss.low is None or loss.high is None:
        return "Nothing can be said: one of the two was not measured."
    limits = f"{loss.value:+.5f} ({loss.low:+.5f} to {loss.high:+.5f})"
    if loss.high < 0:
        return f"**{name} wins** over {other}: log loss {limits}."
    if loss.low > 0:
        return f"**{other} wins** over {name}: log loss of {name} {limits}."
    return f"**Neither wins**: log loss of {name} over {other} {limits}, which holds zero."


def size_of(rows: Examples) -> dict[str, float]:
    """Return how many rows and outcomes a part holds."""
    return {"rows": len(rows), "positives": rows.positives}


def to_frame(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return rows of figures as a table, in their order."""
    return pd.DataFrame([dict(row) for row in rows])


def _slope(one: Predicted) -> Interval:
    rows = one.rows
    if not 0 < rows.positives < len(rows):
        return Interval(None, None, None)
    return fit_line(one.propensities, rows.labels, rows.weights, rows.groups).slope


def _name(scorer: str, part: str) -> str:
    return f"{scorer} | {part}"

"""Partitions of the test rows: category, tier held, decile, tenure, value band, season.

Each row stands in one part of every kind, or in none where its value is not known. A part in which
too few outcomes are expected could not be told off from right, so it is pooled before anything is
tested: of an ordered kind with its neighbour, of the others with all that are as small.

    decile     8    9   10       category     tea  soap  loan  card
    expected  50   30    4       expected       8     9    70    60
    becomes    8   9 to 10       becomes     soap + tea   loan  card
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.hand_overs.evaluation_report import POOLED
from pipeline.statistics.arrays import Floats, Ints, sum_by_code

LEAST_EXPECTED = 20.0
"""Outcomes; with fewer, a rate that is off by a half passes for chance."""
YEARS: Mapping[str, float] = {
    "below 1 year": 365.25,
    "1 to 2 years": 730.5,
    "2 to 4 years": 1461.0,
    "4 years or more": np.inf,
}
"""Bands of tenure and the days at which each ends."""
VALUE_BANDS = 5


@dataclass(frozen=True)
class CellKind:
    """One partition of the rows."""

    codes: Ints
    """The part of each row; -1 is none."""
    names: tuple[str, ...]
    is_ordered: bool
    """Whether neighbours are alike, so that a small part is pooled with one of them."""


def kind_of(parts: npt.NDArray[Any], *, is_ordered: bool) -> CellKind:
    """Return the partition by the values that rows have; None and NaN are no part."""
    codes, names = pd.factorize(pd.Series(parts), sort=True)
    told = tuple(str(int(name)) if is_ordered else str(name) for name in names)
    return CellKind(np.asarray(codes, dtype=np.int64), told, is_ordered)


def tenure_bands(days: Floats) -> CellKind:
    """Return the partition by the time since a customer signed up."""
    ends = np.array([*YEARS.values()])
    codes = np.searchsorted(ends[:-1], days, side="right")
    return CellKind(np.where(np.isfinite(days), codes, -1), tuple(YEARS), is_ordered=True)


def value_bands(spend: Floats) -> CellKind:
    """Return the partition into fifths by spend, band 1 the lowest; equal spend stays together."""
    known = spend[np.isfinite(spend)]
    if len(known) == 0:
        return CellKind(np.full(len(spend), -1), (), is_ordered=True)
    steps = np.arange(1, VALUE_BANDS) / VALUE_BANDS
    edges = np.unique(np.quantile(known, steps, method="higher"))
    codes = np.searchsorted(edges, spend, side="right")
    names = tuple(f"band {place + 1}" for place in range(len(edges) + 1))
    return CellKind(np.where(np.isfinite(spend), codes, -1), names, is_ordered=True)


def pool_small(kind: CellKind, predicted: Floats) -> CellKind:
    """Return the partition with parts pooled in which too few outcomes are expected.

    Args:
        kind: the partition.
        predicted: outcomes expected of each row: its weight times its propensity.
    """
    within = kind.codes >= 0
    found = sum_by_code(kind.codes[within], predicted[within])
    expected = np.zeros(len(kind.names))
    expected[: len(found)] = found
    pools = _neighbours(expected) if kind.is_ordered else _all_small(expected, kind.names)
    places = np.empty(len(kind.names) + 1, dtype=np.int64)
    places[-1] = -1  # code -1 looks itself up at the end
    for place, pool in enumerate(pools):
        places[list(pool)] = place
    names = tuple(_name([kind.names[one] for one in pool], kind) for pool in pools)
    return CellKind(places[kind.codes], names, kind.is_ordered)


def _neighbours(expected: Floats) -> list[list[int]]:
    """Return runs of parts that reach the least expected; a rest joins the run before it."""
    runs: list[list[int]] = []
    run: list[int] = []
    for place in range(len(expected)):
        run.append(place)
        if expected[run].sum() >= LEAST_EXPECTED:
            runs.append(run)
            run = []
    if run and runs:
        return [*runs[:-1], [*runs[-1], *run]]
    return [*runs, run] if run else runs


def _all_small(expected: Floats, names: Sequence[str]) -> list[list[int]]:
    small = [place for place in range(len(names)) if expected[place] < LEAST_EXPECTED]
    large = [[place] for place in range(len(names)) if expected[place] >= LEAST_EXPECTED]
    return sorted([*large, small]) if small else large


def _name(names: Sequence[str], kind: CellKind) -> str:
    if len(names) == 1:
        return names[0]
    return f"{names[0]} to {names[-1]}" if kind.is_ordered else POOLED.join(names)

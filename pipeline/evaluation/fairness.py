"""Whom a model picks, and whether it is right about them, group by group.

Three questions that a gap between groups leaves open without each other: how many of a group are
picked, how much better than the group's own average the picked respond, and whether what is predicted
for the group comes true. A gap in selection alone may be a gap in what people want.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.statistics.arrays import Floats, Ints
from pipeline.statistics.segment_sums import sum_by_segment

UNKNOWN = "unknown"


def measure_groups(
    predicted: Floats,
    labels: npt.NDArray[Any],
    is_picked: npt.NDArray[np.bool_],
    attributes: Mapping[str, npt.NDArray[Any]],
    *,
    groups: Ints,
    draws: Floats,
) -> dict[str, list[dict[str, Any]]]:
    """Return, for each attribute, every value's figures with limits, sorted by value.

    Args:
        predicted: the propensity of each row.
        labels: 0 or 1.
        is_picked: whether a row stands in the top decile of its candidate.
        attributes: a text for each row, by attribute; None is a value of its own.
        groups: the customer of each row, from 0 on.
        draws: replicates × customers.
    """
    return {
        name: _measure(predicted, labels, is_picked, values, groups=groups, draws=draws)
        for name, values in attributes.items()
    }


def _measure(
    predicted: Floats,
    labels: npt.NDArray[Any],
    is_picked: npt.NDArray[np.bool_],
    values: npt.NDArray[Any],
    *,
    groups: Ints,
    draws: Floats,
) -> list[dict[str, Any]]:
    codes, names = pd.factorize(pd.Series(values).fillna(UNKNOWN), sort=True)
    codes = np.asarray(codes, dtype=np.int64)
    picked = is_picked.astype(np.float64)
    quantities = {
        "rows": np.ones(len(labels)),
        "picked": picked,
        "positives": labels.astype(np.float64),
        "picked_positives": picked * labels,
        "predicted": predicted,
    }
    sums = sum_by_segment(quantities, codes, groups, draws)
    lift = sums.double_ratio(("picked_positives", "picked"), ("positives", "rows"))
    customers = pd.Series(groups).groupby(codes).nunique().to_numpy()
    figures = {
        "base_rate": sums.ratio("positives", "rows"),
        "selection_rate": sums.ratio("picked", "rows"),
        "lift": lift,
        "observed_to_predicted": sums.ratio("positives", "predicted"),
    }
    return [
        {
            "value": str(name),
            "customers": int(customers[place]),
            "rows": int(sums.point["rows"][place]),
            "positives": int(sums.point["positives"][place]),
            "expected": round(float(sums.point["predicted"][place]), 4),
            **{figure: found[place].to_json() for figure, found in figures.items()},
        }
        for place, name in enumerate(names)
    ]

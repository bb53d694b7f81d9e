"""Whether predicted rates come true, part by part: per decile, per category, per tier, per group."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.statistics.arrays import Floats, Ints
from pipeline.statistics.segment_sums import sum_by_segment
from pipeline.statistics.within_group import Codes, place_within


def reliability_by_segment(
    predicted: Floats,
    labels: npt.NDArray[Any],
    weights: Floats,
    parts: npt.NDArray[Any],
    *,
    groups: Ints,
    draws: Floats,
) -> list[dict[str, Any]]:
    """Return predicted and observed rates of each part, sorted by part.

    `ratio` is observed over predicted: 1 comes true, above 1 more happens than was said.
    A row whose part is empty belongs to none.
    """
    codes, names = pd.factorize(pd.Series(parts), sort=True)
    if len(names) == 0:
        return []
    quantities = {
        "rows": weights,
        "positives": weights * labels,
        "predicted": weights * predicted,
    }
    sums = sum_by_segment(quantities, np.asarray(codes, dtype=np.int64), groups, draws)
    observed, ratio = sums.ratio("positives", "rows"), sums.ratio("positives", "predicted")
    return [
        {
            "part": _plain(name),
            "rows": round(float(sums.point["rows"][place])),
            "positives": round(float(sums.point["positives"][place])),
            "propensity": round(
                float(sums.point["predicted"][place] / sums.point["rows"][place]), 6
            ),
            "observed": observed[place].to_json(),
            "ratio": ratio[place].to_json(),
        }
        for place, name in enumerate(names)
    ]


def deciles_of_all(predicted: Floats, *keys: Codes) -> Ints:
    """Return the tenth of all rows that each row stands in; 1 is the best, keys break ties."""
    return place_within(np.zeros(len(predicted), dtype=np.int64), predicted, *keys).deciles


def tabulate_reliability(agreement: Mapping[str, Sequence[Mapping[str, Any]]]) -> pd.DataFrame:
    """Return every part of every kind as one table, for plots."""
    rows = [
        {
            "by": by,
            "part": f"{by} {_padded(found['part'])}",
            "rows": found["rows"],
            "positives": found["positives"],
            "predicted": found["propensity"],
            "observed": found["observed"]["value"],
            "observed_low": found["observed"]["low"],
            "observed_high": found["observed"]["high"],
            "ratio": found["ratio"]["value"],
            "ratio_low": found["ratio"]["low"],
            "ratio_high": found["ratio"]["high"],
        }
        for by, parts in agreement.items()
        for found in parts
    ]
    return pd.DataFrame(rows)


def _padded(part: object) -> str:
    """Write numbers so that they sort as text."""
    return f"{part:02d}" if isinstance(part, int) else str(part)


def _plain(name: object) -> int | str:
    return int(name) if isinstance(name, int | float | np.integer | np.floating) else str(name)

"""Conditional calibration: which parts of the population the model gets wrong beyond chance.

Every part of every kind (category, tier held, decile) is one cell. Its count is tested against the
sum of its propensities (Poisson, exact), and all cells of a kind together by Holm's correction, so
that the chance of naming any cell that is right stays below the level (Holm, 1979). A cell with few
outcomes expected could not be told off from right: it is said to be too small, never to be fine.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.statistics.arrays import Floats
from pipeline.statistics.poisson import poisson_p_value

LEVEL = 0.05
LEAST_EXPECTED = 20.0
"""Outcomes; with fewer, a rate that is off by a half passes for chance."""
OFF, WITHIN_CHANCE, TOO_SMALL = "off", "within chance", "too small to tell"


def calibration_cells(agreement: Mapping[str, Sequence[Mapping[str, Any]]]) -> pd.DataFrame:
    """Return one row a cell: outcomes, expected, observed over predicted, p-values, verdict.

    Args:
        agreement: by kind of part, what `reliability_by_segment` returns.
    """
    tables = [_cells(by, parts) for by, parts in agreement.items() if parts]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["by", "part"])


def _cells(by: str, parts: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    expected = np.array([found["rows"] * found["propensity"] for found in parts])
    outcomes = [int(found["positives"]) for found in parts]
    alone = np.array(
        [poisson_p_value(one, about) for one, about in zip(outcomes, expected, strict=True)]
    )
    together = holm(alone)
    verdicts = np.select(
        [together < LEVEL, expected < LEAST_EXPECTED], [OFF, TOO_SMALL], WITHIN_CHANCE
    )
    return pd.DataFrame(
        {
            "by": by,
            "part": [str(found["part"]) for found in parts],
            "rows": [found["rows"] for found in parts],
            "outcomes": outcomes,
            "expected": expected.round(4),
            "ratio": [found["ratio"]["value"] for found in parts],
            "ratio_low": [found["ratio"]["low"] for found in parts],
            "ratio_high": [found["ratio"]["high"] for found in parts],
            "p_value": alone.round(6),
            "p_value_of_all": together.round(6),
            "verdict": verdicts,
        }
    )


def holm(p_values: Floats) -> Floats:
    """Return p-values that may be read one by one however many there are (Holm, 1979).

    Of 0.01, 0.04 and 0.03 the smallest counts three times, the next twice, the greatest once, and
    none less than one before it: 0.03, 0.06, 0.06.
    """
    order = np.argsort(p_values, kind="stable")
    times = np.arange(len(p_values), 0, -1)
    raised = np.minimum(1.0, np.maximum.accumulate(times * p_values[order]))
    corrected = np.empty(len(p_values))
    corrected[order] = raised
    return corrected

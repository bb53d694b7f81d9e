"""Conditional calibration: which parts of the population the model gets wrong beyond chance.

Every part of every kind (`cell_kinds`) is one cell. Its count is tested against the sum of its
propensities (Poisson, exact), and all cells of all kinds at once by Holm's correction, so that the
chance of naming any cell that is right stays below the level, however the kinds overlap (Holm,
1979). Rows of one customer depend on each other, which Poisson does not know: the 95% interval over
customers must exclude 1 as well. A cell that is too small, even after pooling, is said to be too
small, never to be fine.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.evaluation.cell_kinds import LEAST_EXPECTED, CellKind, pool_small
from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.evaluation_report import (
    OFF,
    TOO_SMALL,
    WITHIN_CHANCE,
    CalibrationCell,
)
from pipeline.statistics.arrays import Floats, Ints
from pipeline.statistics.bootstrap import Interval
from pipeline.statistics.poisson import poisson_p_value
from pipeline.statistics.segment_sums import sum_by_segment

LEVEL = 0.05


def calibration_cells(
    predicted: Floats,
    labels: Floats,
    weights: Floats,
    kinds: Mapping[str, CellKind],
    *,
    groups: Ints,
    draws: Floats,
) -> tuple[CalibrationCell, ...]:
    """Test all cells of all kinds together.

    Args:
        predicted: propensities.
        labels: what happened.
        weights: of the rows.
        kinds: partitions of the rows by name.
        groups: the customer of each row, from 0 on.
        draws: replicates × customers, how often each was drawn.
    """
    found = []
    for by, kind in kinds.items():
        if not (kind.codes >= 0).any():
            continue
        pooled = pool_small(kind, weights * predicted)
        quantities = {
            "rows": weights,
            "positives": weights * labels,
            "predicted": weights * predicted,
        }
        sums = sum_by_segment(quantities, pooled.codes, groups, draws)
        ratios = sums.ratio("positives", "predicted")
        found += [
            _cell(by, name, {of: float(sums.point[of][place]) for of in quantities}, ratios[place])
            for place, name in enumerate(pooled.names[: len(ratios)])
            if sums.point["rows"][place] > 0
        ]
    together = holm(np.array([one.p_value for one in found]))
    return tuple(_judged(one, float(p)) for one, p in zip(found, together, strict=True))


def _cell(by: str, part: str, sums: Mapping[str, float], ratio: Interval) -> CalibrationCell:
    outcomes = round(sums["positives"])
    return CalibrationCell(
        by=by,
        part=part,
        rows=round(sums["rows"]),
        outcomes=outcomes,
        expected=round(sums["predicted"], 4),
        ratio=Figure(**ratio.to_json()),
        p_value=poisson_p_value(outcomes, sums["predicted"]),
        p_value_of_all=1.0,
        verdict=TOO_SMALL,
    )


def _judged(cell: CalibrationCell, together: float) -> CalibrationCell:
    ratio = cell.ratio
    excludes_one = ratio.low is None or ratio.high is None or not ratio.low <= 1 <= ratio.high
    if together < LEVEL and excludes_one:
        verdict = OFF
    else:
        verdict = TOO_SMALL if cell.expected < LEAST_EXPECTED else WITHIN_CHANCE
    rounded = {"p_value": round(cell.p_value, 6), "p_value_of_all": round(together, 6)}
    return cell.model_copy(update={**rounded, "verdict": verdict})


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


def certain_error_share(cells: Sequence[CalibrationCell]) -> tuple[str, float]:
    """Return the kind that is worst off, and what share of its outcomes is misplaced beyond doubt.

    Of a cell that is off, the distance of 1 to the nearer end of the interval counts, times the
    outcomes expected: 300 expected at 0.79 (0.70 to 0.88) have at least 36 too few. Over 4,000
    expected in all cells of the kind, that is 0.9%.
    """
    shares = {
        by: _certain_error([cell for cell in cells if cell.by == by])
        for by in sorted({cell.by for cell in cells})
    }
    worst = max(shares, key=lambda by: shares[by], default="")
    return worst, shares.get(worst, 0.0)


def _certain_error(cells: Sequence[CalibrationCell]) -> float:
    expected = sum(cell.expected for cell in cells)
    wrong = sum(cell.expected * _distance(cell.ratio) for cell in cells if cell.verdict == OFF)
    return wrong / expected if expected > 0 else 0.0


def _distance(ratio: Figure) -> float:
    if ratio.low is None or ratio.high is None:
        return 0.0
    return max(0.0, ratio.low - 1, 1 - ratio.high)


def tell_cells(cells: Sequence[CalibrationCell]) -> str:
    """Say which cells are off and which are too small: the one sentence that all readers see."""
    if not cells:
        return ""
    kinds = ", ".join(sorted({cell.by for cell in cells}))
    tested = (
        f"{len(cells)} cells ({kinds}) were tested together (exact Poisson test with Holm's "
        "correction for all of them, and the 95% interval over customers)"
    )
    off = [_name(cell) for cell in cells if cell.verdict == OFF]
    small = [f"{cell.by} {_plain(cell.part)}" for cell in cells if cell.verdict == TOO_SMALL]
    said = f"off beyond chance: {'; '.join(off)}" if off else "none is off beyond chance"
    ending = f" Too few outcomes to tell: {'; '.join(small)}." if small else ""
    return f"{tested}; {said}.{ending}"


def _name(cell: CalibrationCell) -> str:
    ratio = cell.ratio
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return f"{cell.by} {_plain(cell.part)}"
    return (
        f"{cell.by} {_plain(cell.part)} {ratio.value:.2f} times what was predicted "
        f"({ratio.low:.2f} to {ratio.high:.2f})"
    )


def _plain(part: str) -> str:
    return part.replace("_", " ")


def tabulate_cells(cells: Sequence[CalibrationCell]) -> pd.DataFrame:
    """Return one row a cell, for `calibration_cells.csv`."""
    columns = [*CalibrationCell.model_fields]
    rows = [
        {name: getattr(cell, name) for name in columns if name != "ratio"}
        | {"ratio": cell.ratio.value, "ratio_low": cell.ratio.low, "ratio_high": cell.ratio.high}
        for cell in cells
    ]
    order = [name for name in columns if name not in ("p_value", "p_value_of_all", "verdict")]
    place = order.index("ratio") + 1
    order[place:place] = ["ratio_low", "ratio_high"]
    return pd.DataFrame(rows, columns=[*order, "p_value", "p_value_of_all", "verdict"])

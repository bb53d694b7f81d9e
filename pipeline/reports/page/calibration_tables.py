"""Reliability by segment: the calibration line in words, predicted against observed in tables."""

from collections.abc import Sequence

from pipeline.foundation.contracts.hand_overs.evaluation_report import (
    CalibrationBySegment,
    ScorerFigures,
    SegmentCalibration,
)
from pipeline.reports.formatting import count, share, with_interval
from pipeline.reports.page.cells import interval_cell
from pipeline.reports.page.parts import Cell, PageTable, Row


def tell_slope(model: ScorerFigures) -> str:
    """Say whether the model is overconfident, and whether it is too high or too low as a whole."""
    return (
        f"Calibration slope {with_interval(model.calibration_slope, 2)}: 1 is perfect, below 1 the "
        "model is overconfident, that is too sure of its differences. Calibration intercept "
        f"{with_interval(model.calibration_intercept, 2)} in log-odds: 0 is perfect, above 0 more "
        "happened than was predicted."
    )


def tabulate_calibration(calibration: CalibrationBySegment) -> list[PageTable]:
    """Return predicted and observed rates by decile and by tier held, those that there are."""
    kinds = (("Decile, 1 is best", calibration.decile), ("Tier held", calibration.tier))
    return [_tabulate(title, segments) for title, segments in kinds if segments]


def _tabulate(title: str, segments: Sequence[SegmentCalibration]) -> PageTable:
    return PageTable(
        f"Predicted and observed rates by {title.split(',', maxsplit=1)[0].lower()}",
        [
            Cell(title, is_number=False),
            *(Cell(head) for head in ("Rows", "Did it", "Predicted", "Observed")),
            Cell("Observed over predicted"),
        ],
        [
            Row(
                [
                    Cell(str(one.part), is_number=False),
                    Cell(count(one.rows)),
                    Cell(count(one.positives)),
                    Cell(share(one.propensity, 2)),
                    Cell(share(one.observed.value, 2)),
                    interval_cell(one.ratio, 2),
                ]
            )
            for one in segments
        ],
    )

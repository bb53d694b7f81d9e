"""What the page says of drift: tables, features and categories of the scoring day against habit."""

from pipeline.foundation.contracts.hand_overs.drift_report import DriftReport
from pipeline.reports.formatting import count, number
from pipeline.reports.page.parts import Cell, PageTable, Row


def describe_drift(drift: DriftReport) -> PageTable:
    """Return how busy each table was in the last weeks, and how busy it usually is."""
    return PageTable(
        "Rows of the last 28 days before the scoring day, against the weeks before them",
        [
            Cell("Table", is_number=False),
            Cell("Rows"),
            Cell("Usual rows"),
            Cell("Days without a row"),
            Cell("The longest before"),
        ],
        [
            Row(
                [
                    Cell(name, is_number=False),
                    Cell(count(found.rows)),
                    Cell(number(found.usual_rows, 0)),
                    Cell(count(found.silent_days)),
                    Cell(count(found.longest_silence_days)),
                ]
            )
            for name, found in drift.tables.items()
        ],
    )


def tell_drift(drift: DriftReport) -> list[str]:
    """Say what somebody should look at, first what stops a wave."""
    told = [f"It stops the wave: {reason}" for reason in drift.stops()]
    told += drift.warnings()
    return told or ["Nothing has moved from its own habit."]

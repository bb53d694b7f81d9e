"""Figures as cells of the page's tables."""

from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.reports.formatting import UNKNOWN, number, share
from pipeline.reports.page.parts import Cell


def interval_cell(found: Figure | None, digits: int = 3, times: float = 1.0) -> Cell:
    """Return a point estimate with its confidence interval in small print.

    Args:
        found: the figure; None where there is none.
        digits: after the point.
        times: what the figure is multiplied by, such as 100 for "in 100".
    """
    if found is None or found.value is None:
        return Cell(UNKNOWN)
    note = ""
    if found.low is not None and found.high is not None:
        note = f"{number(found.low * times, digits)} to {number(found.high * times, digits)}"
    return Cell(number(found.value * times, digits), note)


def share_cell(found: Figure) -> Cell:
    """Return a share as per cent with its confidence interval in small print."""
    if found.value is None:
        return Cell(UNKNOWN)
    known = found.low is not None and found.high is not None
    return Cell(share(found.value), f"{share(found.low)} to {share(found.high)}" if known else "")


def points(value: float | None) -> str:
    """Return a difference of shares in a hundred customers, such as `2.51 in 100`."""
    return UNKNOWN if value is None else f"{number(100 * value, 2)} in 100"

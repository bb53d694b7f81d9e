"""Sums of money that look right on a poster."""

import numpy as np
import numpy.typing as npt

STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5)
SUMS: npt.NDArray[np.int64] = np.array(
    sorted(round(step * 10**power) for power in range(2, 8) for step in STEPS), dtype=np.int64
)
"""Cents, from 1.00 to 750,000.00."""


def sums_between(low: float, high: float) -> npt.NDArray[np.int64]:
    """Return the round sums from low to high, in cents."""
    return SUMS[(low <= SUMS) & (high >= SUMS)]


def round_up(cents: float) -> int:
    """Return the first round sum that is not below."""
    return int(SUMS[min(int(np.searchsorted(SUMS, cents)), len(SUMS) - 1)])

"""Event volume: whether a ledger's last weeks are as busy as its own habit.

The habit is told from the ledger itself: how long it is silent now and then, and how far four weeks
have differed before from the median of the three times four weeks before them. So a season, a
growing company and mailings in bursts are no change, and a table that stopped or halved is one.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.statistics.arrays import Floats

WINDOW_DAYS = 28
BEFORE = 3
"""Windows whose median is what one is held against."""
LEAST_WINDOWS = 7
"""So many whole windows must lie before the last, or nothing is known of the habit."""
MOST_WINDOWS = 26
"""Two years: what was habit before that is none today."""
GAPS = 100
"""The last so many silences between two days with rows."""
LARGE_CHANGE = 1.5
"""Half as many rows again, or two thirds of them: less is not worth a look."""
DEVIATIONS = 4.0
"""A difference must be so many times what counts vary by chance (Poisson)."""
HABIT_DEVIATIONS = 3.0
"""And so many standard deviations of the ledger's own changes."""
MAD_TO_DEVIATION = 1.4826
"""From the median absolute deviation, which a ledger's beginning does not inflate."""


@dataclass(frozen=True)
class EventVolume:
    """The last weeks of a ledger, and its habit."""

    silent_days: int
    """Whole days without a row before the day that is asked of."""
    longest_silence_days: int | None
    """Between two earlier days with rows; None where there were no two."""
    rows: int
    """Of the last `WINDOW_DAYS`."""
    usual_rows: float | None
    """The median of the windows before; None where the ledger is too short to know."""
    is_unusual: bool
    """Whether the rows differ from the usual beyond the ledger's own habit and chance."""

    @property
    def ratio(self) -> float | None:
        """Return the rows over the usual ones; None where these are unknown or none."""
        return self.rows / self.usual_rows if self.usual_rows else None


def measure_volume(days_ago: npt.NDArray[np.integer], rows: npt.NDArray[np.integer]) -> EventVolume:
    """Measure a ledger at a day.

    Args:
        days_ago: whole days between a day with rows and the day that is asked of; the day before
            is 0. At least one.
        rows: of each, at least 1.
    """
    order = np.argsort(days_ago)
    ago, counts = days_ago[order], rows[order]
    gaps = np.diff(ago)[:GAPS] - 1
    windows = np.bincount(ago // WINDOW_DAYS, weights=counts).astype(np.float64)[
        : MOST_WINDOWS + BEFORE + 1
    ]
    whole = (
        windows[:-1] if len(windows) <= MOST_WINDOWS + BEFORE else windows
    )  # cut off by the start
    usual = float(np.median(whole[1 : 1 + BEFORE])) if len(whole) > LEAST_WINDOWS else None
    return EventVolume(
        silent_days=int(ago[0]),
        longest_silence_days=int(gaps.max()) if len(gaps) else None,
        rows=int(windows[0]),
        usual_rows=usual,
        is_unusual=usual is not None and _is_unusual(whole, usual),
    )


def _is_unusual(windows: Floats, usual: float) -> bool:
    changes = _changes(windows)
    now, before = changes[0], changes[1:]
    if abs(now) <= np.log(LARGE_CHANGE):
        return False
    if abs(windows[0] - usual) <= DEVIATIONS * np.sqrt(windows[0] + usual):
        return False
    deviation = MAD_TO_DEVIATION * np.median(np.abs(before - np.median(before)))
    if abs(now) <= HABIT_DEVIATIONS * deviation:
        return False
    return bool(now < before.min(initial=0.0) if now < 0 else now > before.max(initial=0.0))


def _changes(windows: Floats) -> Floats:
    """Return the log of each window over the median of those before it; one row is added to both."""
    medians = np.median(np.lib.stride_tricks.sliding_window_view(windows[1:], BEFORE), axis=1)
    changes: Floats = np.log((windows[: len(medians)] + 1) / (medians + 1))
    return changes

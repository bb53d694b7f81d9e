"""When an offer is sent: the best of the week's 168 hours in which its channel may be used.

What a customer was seen to do is spread over the neighbouring hours, around the end of the week,
and shrunk to their segment's habits, which are shrunk to everybody's. Hours are those of the
clocks where the customer lives (`decide.timezone`); weekdays count from Monday, 1. A letter is
posted on a day: it has neither hour nor device.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.offers.habits import Habits
from pipeline.statistics.shrinkage import shrink_rate

HOURS = 168
WITHOUT_HOUR = ("mail",)
"""Channels that reach people at no hour of theirs and on no device."""

_HOUR_WEIGHT = 30.0  # events of one customer that the segment's habits count for
_DEVICE_WEIGHT = 5.0  # the same for the device, of which there are few
_POPULATION_WEIGHT = 1000.0  # events of a segment that everybody's habits count for
_NEAR = (1, 2, 3, 2, 1)  # what an event says of the two hours before, its own and the two after
_CUSTOMERS_AT_ONCE = 5_000  # × 168 hours: 7 MB, which a processor keeps at hand

Counts = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def choose_send_time(
    offers: pd.DataFrame,
    hours: Habits,
    devices: Habits,
    contact_hours: Mapping[str, Sequence[int]],
    contact_days: Mapping[str, Sequence[int]],
) -> pd.DataFrame:
    """Return weekday (1..7), hour (0..23) and device, on the index of the offers.

    Whoever has no history gets the best hour of their segment; where nobody has one, all three are
    empty. Of equally good hours the first of the week wins, of devices the first in the alphabet.

    Args:
        offers: channel, segment (may be empty); the place of a row is its number, from 0.
        hours: cells are hours of the week, 0 is Monday at midnight.
        devices: cells are names.
        contact_hours: channel -> the first hour of the day in which it is used, and the hour in
            which it is no more; a channel that is not named is used at any hour.
        contact_days: channel -> the weekdays on which it is used; one that is not named, on any.
    """
    allowed = _allowed(offers["channel"], contact_hours, contact_days)
    best = _best(offers["segment"], hours, list(range(HOURS)), _HOUR_WEIGHT, allowed)
    names = sorted(devices.segments["cell"].unique())
    anywhere = np.ones((len(offers), 1), dtype=bool)
    device = _best(offers["segment"], devices, names, _DEVICE_WEIGHT, anywhere)
    has_hour = ~offers["channel"].isin(WITHOUT_HOUR).reset_index(drop=True)
    named = device.map(dict(enumerate(names)), na_action="ignore").astype("str")
    chosen = pd.DataFrame(
        {
            "weekday": best // 24 + 1,
            "hour": (best % 24).where(has_hour),
            "device": named.where(has_hour),
        }
    )
    return chosen.set_axis(offers.index)


def _allowed(
    channels: pd.Series,
    contact_hours: Mapping[str, Sequence[int]],
    contact_days: Mapping[str, Sequence[int]],
) -> Mask:
    """Return offers × hours of the week: whether the channel is used then."""
    codes, names = pd.factorize(channels)
    day, hour = np.divmod(np.arange(HOURS), 24)
    spans = [contact_hours.get(name, (0, 24)) for name in names]
    days = [contact_days.get(name, range(1, 8)) for name in names]
    used = np.array(
        [
            (hour >= first) & (hour < end) & np.isin(day + 1, list(some))
            for (first, end), some in zip(spans, days, strict=True)
        ],
        dtype=bool,
    )
    return used.reshape(len(names), HOURS)[codes]


def _best(
    segments: pd.Series, habits: Habits, cells: Sequence[Any], weight: float, allowed: Mask
) -> pd.Series:
    """Return each offer's best allowed cell, nullable: empty where nobody has a history.

    Args:
        segments: of each offer.
        habits: of these cells.
        cells: all of them, in order.
        weight: events that the segment counts for.
        allowed: offers × cells, or × 1.
    """
    if habits.segments.empty:
        return pd.Series(pd.NA, index=range(len(segments)), dtype="Int64")
    codes, priors = _priors(segments, habits.segments, cells, weight)
    own, known = habits.own, pd.Index(list(cells))
    places = own["place"].to_numpy()
    best = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(segments), _CUSTOMERS_AT_ONCE):
        end = min(start + _CUSTOMERS_AT_ONCE, len(segments))
        part = own.iloc[slice(*np.searchsorted(places, [start, end]))]
        seen = known.get_indexer(pd.Index(part["cell"]))
        flat = (part["place"].to_numpy() - start) * len(cells) + seen
        counts = np.bincount(flat, part["times"], minlength=(end - start) * len(cells))
        counted = counts.astype(np.float64).reshape(end - start, len(cells))
        score = _smooth(counted) + priors[codes[start:end]]
        best.append(np.where(allowed[start:end], score, -1.0).argmax(axis=1))
    return pd.Series(np.concatenate(best), dtype="Int64")


def _priors(
    segments: pd.Series, counted: pd.DataFrame, cells: Sequence[Any], weight: float
) -> tuple[npt.NDArray[np.intp], Counts]:
    """Return which prior is each offer's, and segments × cells; the last one is everybody's."""
    table = counted.pivot_table(index="segment", columns="cell", values="times", aggfunc="sum")
    table = table.reindex(columns=list(cells)).fillna(0.0)
    everybody = counted.groupby("cell")["times"].sum().reindex(list(cells)).fillna(0.0).to_numpy()
    share = _smooth((everybody / everybody.sum()).reshape(1, -1))
    own = _smooth(table.to_numpy(dtype="float64"))
    drawn = shrink_rate(own, own.sum(axis=1, keepdims=True), share, _POPULATION_WEIGHT)
    # Whoever has no segment is found at -1: the last row.
    return table.index.get_indexer(pd.Index(segments)), weight * np.vstack([drawn, share])


def _smooth(counts: Counts) -> Counts:
    """Spread counts of hours over those around, Sunday's last next to Monday's first."""
    if counts.shape[1] != HOURS:
        return counts
    circle = np.concatenate([counts[:, -2:], counts, counts[:, :2]], axis=1)
    spread = _NEAR[0] * circle[:, :HOURS]
    for far, weight in enumerate(_NEAR[1:], start=1):
        spread = spread + weight * circle[:, far : far + HOURS]
    return np.asarray(spread / sum(_NEAR))

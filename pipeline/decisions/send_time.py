"""When an offer is sent: the best of the week's 168 hours, from the customer's own habits.

A customer's activity is spread over the neighbouring hours, around the end of the week, and drawn
towards the world's. Hours are UTC, as all times of the contract are; weekdays count from Monday, 1.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

HOURS = 168

_WORLD_WEIGHT = 30.0  # events of one customer that the world's habits count for
_DEVICE_WEIGHT = 5.0  # the same for the device, of which there are few
_NEAR = (1, 2, 3, 2, 1)  # what an event says of the two hours before, its own and the two after
_CUSTOMERS_AT_ONCE = 5_000  # × 168 hours: 7 MB, which a processor keeps at hand

Counts = npt.NDArray[np.float64]


def choose_send_time(customer_ids: pd.Series, activity: pd.DataFrame) -> pd.DataFrame:
    """Return customer_id, weekday (1..7), hour (0..23), device, in the order of `customer_ids`.

    Whoever has no history gets the world's best hour; where nobody has one, all three are empty.
    Of equally good hours the first of the week wins, of devices the first in the alphabet.

    Args:
        customer_ids: each once.
        activity: customer_id, occurred_at (UTC), device (may be empty), known before the as-of
            date; the world is everybody in it.
    """
    place = pd.Index(customer_ids).get_indexer(pd.Index(activity["customer_id"]))
    hours = _hour_of_week(activity["occurred_at"])
    best = _best(place, hours, len(customer_ids), _smooth(_world(hours, HOURS)), _WORLD_WEIGHT)
    devices = pd.Categorical(activity["device"])
    named = devices.codes >= 0
    of_device = devices.codes[named].astype(np.int64)
    device = _best(
        place[named],
        of_device,
        len(customer_ids),
        _world(of_device, len(devices.categories)),
        _DEVICE_WEIGHT,
    )
    return pd.DataFrame(
        {
            "customer_id": customer_ids.to_numpy(),
            "weekday": (best // 24 + 1).to_numpy(),
            "hour": (best % 24).to_numpy(),
            "device": _name(device, devices.categories),
        }
    )


def _hour_of_week(moments: pd.Series) -> npt.NDArray[np.int64]:
    """Return 0, Monday at midnight, to 167."""
    return np.asarray(moments.dt.day_of_week * 24 + moments.dt.hour, dtype=np.int64)


def _world(cells: npt.NDArray[np.int64], size: int) -> Counts:
    """Return everybody's counts."""
    return np.bincount(cells, minlength=size).astype(np.float64)


def _best(
    place: npt.NDArray[np.intp],
    cells: npt.NDArray[np.int64],
    customers: int,
    world: Counts,
    weight: float,
) -> pd.Series:
    """Return each customer's best cell, nullable: empty where the world has no history.

    Args:
        place: of each event the customer's position; -1 is somebody else.
        cells: of each event the cell.
        customers: how many.
        world: everybody's count in each cell.
        weight: events that the world counts for.
    """
    if not world.sum():
        return pd.Series(pd.NA, index=range(customers), dtype="Int64")
    prior = weight * world / world.sum()
    ours = place >= 0
    order = np.argsort(place[ours], kind="stable")
    places, cells = place[ours][order], cells[ours][order]
    starts = range(0, customers, _CUSTOMERS_AT_ONCE)
    best = [_best_of_some(places, cells, start, customers, prior) for start in starts]
    return pd.Series(np.concatenate([np.empty(0, np.int64), *best]), dtype="Int64")


def _best_of_some(
    places: npt.NDArray[np.intp],
    cells: npt.NDArray[np.int64],
    start: int,
    customers: int,
    prior: Counts,
) -> npt.NDArray[np.int64]:
    size = min(_CUSTOMERS_AT_ONCE, customers - start)
    first, last = np.searchsorted(places, [start, start + size])
    flat = (places[first:last] - start) * len(prior) + cells[first:last]
    counts = np.bincount(flat, minlength=size * len(prior)).reshape(size, len(prior))
    own = _smooth(counts) if len(prior) == HOURS else counts
    return np.asarray((own + prior).argmax(axis=1), dtype=np.int64)


def _smooth(counts: npt.NDArray[np.float64] | npt.NDArray[np.int64]) -> Counts:
    """Spread each count over the hours around it, Sunday's last next to Monday's first."""
    week = counts.shape[-1]
    circle = np.concatenate([counts[..., -2:], counts, counts[..., :2]], axis=-1)
    spread = _NEAR[0] * circle[..., :week].astype(np.float64)
    for far, weight in enumerate(_NEAR[1:], start=1):
        spread += weight * circle[..., far : far + week]
    return spread / sum(_NEAR)


def _name(cells: pd.Series, names: pd.Index) -> pd.Series:
    """Return the names of cells as text."""
    return cells.map(dict(enumerate(names)), na_action="ignore").astype("str")

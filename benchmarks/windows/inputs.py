"""A ledger of interactions as the validated table holds it: every column, by customer and time."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.windows.ledger import CUSTOMERS, INTERACTIONS, LAST
from pipeline.foundation.contracts.tables import INTERACTIONS as CONTRACT

SEED = 20261
DAY = 86_400
HISTORY_DAYS = 900
LATE_SHARE = 0.03
GROUP_ROWS = 122_880  # as DuckDB writes the validated table
CHANNELS = {
    "app": 0.3,
    "web": 0.35,
    "store": 0.2,
    "call_centre": 0.08,
    "chat": 0.05,
    "social": 0.02,
}
KINDS = {
    "visit": 0.35,
    "product_view": 0.3,
    "search": 0.1,
    "cart_add": 0.08,
    "login": 0.1,
    "service_call": 0.04,
    "incident": 0.02,
    "complaint": 0.01,
}
TROUBLE = ("incident", "complaint")


def write_inputs(folder: Path, customers: int, events: int) -> None:
    """Write the customers and their interactions: some active, most less so, some known late."""
    people = pa.array([f"C{number:08d}" for number in range(customers)])
    pq.write_table(pa.table({"customer_id": people}), folder / CUSTOMERS)
    pq.write_table(
        _interactions(people, events),
        folder / INTERACTIONS,
        compression="zstd",
        row_group_size=GROUP_ROWS,
    )


def _interactions(people: pa.Array, events: int) -> pa.Table:
    random = np.random.default_rng(SEED)
    activity = random.lognormal(0, 1, len(people))
    who = random.choice(len(people), events, p=activity / activity.sum())
    midnight = np.datetime64(LAST, "s").astype(np.int64)
    when = midnight + 10 * DAY - random.integers(1, HISTORY_DAYS * DAY, events)
    order = np.lexsort((when, who))
    who, when = who[order], when[order]
    kind = random.choice(len(KINDS), events, p=list(KINDS.values()))
    late = np.where(random.random(events) < LATE_SHARE, random.integers(1, 30 * DAY, events), 0)
    is_trouble = np.isin(kind, [list(KINDS).index(name) for name in TROUBLE])
    is_unresolved = ~is_trouble | (random.random(events) < 0.2)
    resolved = when + random.integers(DAY // 24, 20 * DAY, events)
    columns = {
        "customer_id": people.take(pa.array(who)),
        "channel": _texts(
            CHANNELS, random.choice(len(CHANNELS), events, p=list(CHANNELS.values()))
        ),
        "kind": _texts(KINDS, kind),
        "occurred_at": _moments(when),
        "product_id": pa.nulls(events, pa.string()),
        "device": pa.nulls(events, pa.string()),
        "duration_seconds": pa.array(random.integers(1, 900, events)),
        "resolved_at": _moments(resolved, is_unresolved),
        "known_at": _moments(when + late),
    }
    return pa.table(columns).select(CONTRACT.names).cast(CONTRACT.schema)


def _texts(names: dict[str, float], chosen: np.ndarray) -> pa.Array:
    return pa.array(list(names)).take(pa.array(chosen))


def _moments(seconds: np.ndarray, is_missing: np.ndarray | None = None) -> pa.Array:
    return pa.array(seconds.astype("datetime64[s]").astype("datetime64[us]"), mask=is_missing)

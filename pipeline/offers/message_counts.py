"""How many messages each customer was sent on each channel, and how many of them were answered."""

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.engines import Engine
from pipeline.population.history import History

ANSWERS = ("responded_at", "clicked_at", "opened_at")
_NONE = pa.schema(
    [
        ("customer_id", pa.string()),
        ("channel", pa.string()),
        ("sent", pa.int64()),
        ("answered", pa.int64()),
    ]
)


def messages_by_channel(engine: Engine, past: History) -> ir.Table:
    """Return what `count_messages` counts of everything known; empty without messages."""
    if not past.has("messages"):
        return engine.table(_NONE.empty_table())
    return engine.materialize(count_messages(engine, past.known("messages")))


def count_messages(engine: Engine, messages: ir.Table) -> ir.Table:
    """Return customer_id, channel, sent, answered: one row for each pair with messages.

    An answer is a response, or a click or opening where none is on record at all.
    """
    counted = engine.materialize(
        messages.group_by(*CUSTOMER_CHANNEL_KEYS).aggregate(
            sent=messages.count(), **{name: messages[name].count() for name in ANSWERS}
        )
    )
    found = engine.arrow(counted.aggregate(**{name: counted[name].max() for name in ANSWERS}))
    most = found.to_pylist()[0]
    kept = next((name for name in ANSWERS if most[name]), ANSWERS[0])
    return counted.select(*CUSTOMER_CHANNEL_KEYS, "sent", answered=kept)


def count_customers(engine: Engine, messages: ir.Table) -> pd.DataFrame:
    """Return channel, sent, answered, and of how many customers that is so; sorted.

    Args:
        engine: counts.
        messages: what `messages_by_channel` returns.
    """
    kinds = ["channel", "sent", "answered"]
    counted = messages.group_by(kinds).aggregate(customers=messages.count()).order_by(kinds)
    counts: pd.DataFrame = engine.arrow(counted).to_pandas()
    return counts

"""How many messages each customer was sent on each channel, and how many of them were answered."""

import ibis.expr.types as ir
import pandas as pd

from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.engines import Engine
from pipeline.population.history import History

ANSWERS = ("responded_at", "clicked_at", "opened_at")


def messages_by_channel(engine: Engine, past: History) -> pd.DataFrame:
    """Return what `count_messages` counts of everything known; empty without messages."""
    if not past.has("messages"):
        return pd.DataFrame({"customer_id": [], "channel": [], "sent": [], "answered": []})
    counted: pd.DataFrame = engine.arrow(count_messages(engine, past.known("messages"))).to_pandas()
    return counted


def count_messages(engine: Engine, messages: ir.Table) -> ir.Table:
    """Return customer_id, channel, sent, answered: one row for each pair with messages, sorted.

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
    pairs = counted.select(*CUSTOMER_CHANNEL_KEYS, "sent", answered=kept)
    return pairs.order_by(*CUSTOMER_CHANNEL_KEYS)

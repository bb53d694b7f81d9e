"""An answer is a response; where none is on record, a click, and where no click is, an opening."""

from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.foundation.engines import Engine
from pipeline.offers.message_counts import count_customers, count_messages

MOMENT = pd.Timestamp("2026-01-05")


def counts(engine: Engine, *answered: dict[str, Any]) -> list[list[Any]]:
    """Count messages to a by e-mail, of which each says what was answered, and one letter to b."""
    rows = [{"customer_id": "b", "channel": "mail"}]
    rows += [{"customer_id": "a", "channel": "email", **told} for told in answered]
    names = ["customer_id", "channel", "responded_at", "clicked_at", "opened_at"]
    types = [pa.string()] * 2 + [pa.timestamp("us")] * 3
    table = pa.Table.from_pylist(rows, schema=pa.schema(list(zip(names, types, strict=True))))
    counted = count_messages(engine, engine.table(table)).order_by("customer_id")
    found = engine.arrow(counted).to_pandas()
    assert list(found.columns) == ["customer_id", "channel", "sent", "answered"]
    listed: list[list[Any]] = found.to_numpy().tolist()
    return listed


@pytest.mark.parametrize(
    ("answered", "count"),
    [
        ([{"responded_at": MOMENT}, {"clicked_at": MOMENT}], 1),
        ([{"clicked_at": MOMENT, "opened_at": MOMENT}, {"opened_at": MOMENT}], 1),
        ([{"opened_at": MOMENT}, {"opened_at": MOMENT}], 2),
        ([{}, {}], 0),
    ],
)
def test_the_strongest_answer_that_is_on_record_at_all_is_counted(
    engine: Engine, answered: list[dict[str, Any]], count: int
) -> None:
    assert counts(engine, *answered) == [["a", "email", 2, count], ["b", "mail", 1, 0]]


def test_customers_are_counted_by_how_many_messages_they_had_and_answered(engine: Engine) -> None:
    rows = {"customer_id": ["a", "b", "c"], "channel": ["mail"] * 3, "sent": [2, 2, 1]}
    messages = engine.table(pa.table({**rows, "answered": [1, 1, 0]}))
    found = count_customers(engine, messages)
    assert found.to_numpy().tolist() == [["mail", 1, 0, 1], ["mail", 2, 1, 2]]

"""Contact history where there is none: rows that every engine knows, and no others."""

from datetime import date

import ibis.expr.operations as ops
import pyarrow as pa

from pipeline.foundation.engines import Engine
from pipeline.offers.contact_history import known_contacts
from pipeline.population.history import History

DAY = date(2025, 1, 1)


def test_without_messages_and_waves_there_are_no_contacts(engine: Engine) -> None:
    past = History({}, engine.table(pa.table({"as_of_date": [DAY]})))
    contacts = known_contacts(past, [], DAY, longest_days=90)
    assert engine.arrow(contacts).num_rows == 0
    assert contacts.columns[-2:] == ("campaign", "age_days")
    assert not contacts.op().find(ops.InMemoryTable)  # which Spark would not find

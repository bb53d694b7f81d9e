"""Orders of guests: product events without a customer, kept apart as a table of their own.

They say what is bought together and what sells best, and nothing of any customer. Only an empty
customer is a guest: an id that no customer has is a fault.
"""

import logging
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation.config import TableMapping
from pipeline.foundation.contracts.tables import GUEST_EVENTS, PRODUCT_EVENTS
from pipeline.foundation.errors import ConfigurationError
from pipeline.sources.base import BatchedTable

log = logging.getLogger(__name__)


def check_guests(mappings: Mapping[str, TableMapping]) -> None:
    """Refuse guests anywhere but among product events, and guests from two places.

    Raises:
        ConfigurationError: either of them.
    """
    for name, mapping in mappings.items():
        place = f"{mapping.place}.{name}.guests"
        if mapping.guests and name != PRODUCT_EVENTS.name:
            raise ConfigurationError(
                f"{place} with {PRODUCT_EVENTS.name} alone", repr(mapping.guests), "Leave it out."
            )
        if mapping.guests and GUEST_EVENTS.name in mappings:
            raise ConfigurationError(
                f"{GUEST_EVENTS.name} from one place",
                f"{place} and {mapping.place}.{GUEST_EVENTS.name}",
                "Leave one of them out.",
            )


def keep_apart(events: BatchedTable) -> tuple[dict[str, BatchedTable], list[str]]:
    """Return the product events in two tables, that of guests if there are any, and a sentence."""
    count = sum(of_guests(batch).num_rows for batch in events.batches())
    if not count:
        return {}, []
    told = tell_guests(count, events.num_rows)
    log.info("%s", told)
    known = BatchedTable(
        events.schema, events.num_rows - count, lambda: map(with_customer, events.batches())
    )
    guests = BatchedTable(GUEST_EVENTS.raw_schema, count, lambda: map(of_guests, events.batches()))
    return {PRODUCT_EVENTS.name: known, GUEST_EVENTS.name: guests}, [told]


def with_customer(events: pa.Table) -> pa.Table:
    """Return the product events that are of somebody."""
    return events.filter(pc.is_valid(events["customer_id"]))


def of_guests(events: pa.Table) -> pa.Table:
    """Return the product events of guests, as the contract has them."""
    names = GUEST_EVENTS.raw_schema.names
    return events.filter(pc.is_null(events["customer_id"])).select(names)


def tell_guests(guests: int, events: int) -> str:
    """Return the sentence on the lines kept apart."""
    return (
        f"{PRODUCT_EVENTS.name}: {guests:,} of {events:,} rows without a customer kept apart as "
        f"{GUEST_EVENTS.name}"
    )

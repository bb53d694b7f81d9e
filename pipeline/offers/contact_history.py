"""Contact history: the messages on record, and those of sealed waves that are not on record yet."""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.population.history import History

_COLUMNS = (*CUSTOMER_CHANNEL_KEYS, "category", "campaign", "age_days")


def known_contacts(
    past: History, waves: Sequence[ir.Table], day: date, longest_days: int
) -> ir.Table:
    """Return customer_id, channel, category, campaign and age_days of every contact.

    A wave was sent even if its messages have not come back into the ledger: what it sent counts
    from the first valid day of its offers, until the ledger knows the campaign.

    Args:
        past: one as-of date.
        waves: NEXT_BEST_OFFERS of each sealed wave.
        day: of the decision.
        longest_days: how far back.
    """
    nothing = _no_contacts(past.dates)
    recorded = nothing
    if past.has("messages"):
        recorded = past.known("messages").rename(campaign="campaign_id").select(*_COLUMNS)
    sent = [_sent(wave, day) for wave in waves]
    every = ibis.union(*sent, nothing) if sent else nothing
    missing = every.anti_join(recorded, ["customer_id", "campaign"])
    contacts = ibis.union(recorded, missing)
    return contacts.filter(contacts.age_days <= longest_days)


def _sent(wave: ir.Table, day: date) -> ir.Table:
    """Return the contacts of a wave that was decided before the day."""
    sent = wave.filter((wave.arm == TREATED) & (wave.as_of_date < day))
    age = ibis.date(day.isoformat()).delta(sent.valid_from, unit="day").cast("int64")
    return sent.mutate(age_days=age).select(*_COLUMNS)


def _no_contacts(rows: ir.Table) -> ir.Table:
    """Return the columns of contacts without a row; of any rows, so that every engine knows them."""
    texts = {name: ibis.null("string") for name in _COLUMNS[:-1]}
    return rows.limit(0).select(**texts, age_days=ibis.null("int64"))

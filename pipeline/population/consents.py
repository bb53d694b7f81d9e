"""Consent as of a day: the last word that the company knew, by customer and channel.

A channel is told by the letters of its name in lower case: `E-Mail` is `email`. A refusal holds
for the address that it was given for, an e-mail or a phone, whoever else has it: of two ids of one
person neither is reached where the other refused, until it gives its own consent later.

Two ledgers speak. `consents` holds changes of consent; an unsubscription in `messages` takes consent
back until it is given again. Both are looked at through `History`, so that only what was known
before the as-of date counts. Where giving and taking back fall on one moment, the taking back
holds.

    consents     c1 email granted 1 May     c2 email granted 1 May, refused 3 May
    messages     c1 unsubscribed from email 2 May, known on 9 May
    as of 5 May  c1 email holds: nobody knew yet;  c2 email does not
    as of 9 June neither holds
"""

from collections.abc import Collection, Mapping

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.population.history import History
from pipeline.population.joins import left_join

DETAIL_OF_CHANNEL: Mapping[str, str | None] = {
    "email": "email",
    "sms": "phone",
    "phone": "phone",
    "push": None,
    "mail": None,
    "web": None,
    "app": None,
}
"""The channels known by name, and the column of the customers with the address that each reaches."""


def recorded_consents(history: History) -> ir.Table:
    """Return customer_id × channel on record: `granted`, and `changed_at` of the last change.

    Args:
        history: one as-of date, of a source with a table of consents.
    """
    changes = _changes(history)
    changes = _on_every_address(history, changes, ~changes.granted, "changed_at", granted=False)
    moments = changes.group_by(*CUSTOMER_CHANNEL_KEYS).aggregate(
        given_at=changes.changed_at.max(where=changes.granted),
        taken_at=changes.changed_at.max(where=~changes.granted),
        changed_at=changes.changed_at.max(),
    )
    is_given = moments.given_at.notnull()
    is_standing = moments.taken_at.isnull() | (moments.given_at > moments.taken_at)
    granted = (is_given & is_standing).fill_null(ibis.literal(False))
    return moments.select(*CUSTOMER_CHANNEL_KEYS, "changed_at", granted=granted)


def unsubscriptions(history: History) -> ir.Table:
    """Return customer_id × channel unsubscribed from, unless consent was given again since.

    Args:
        history: one as-of date, of a source with a table of messages.
    """
    messages = history.known("messages")
    left = messages.filter(messages.unsubscribed_at.notnull())
    left = left.select(*CUSTOMER_CHANNEL_KEYS, "unsubscribed_at")
    left = _on_every_address(history, left, ibis.literal(True), "unsubscribed_at")
    left = left.group_by(*CUSTOMER_CHANNEL_KEYS).aggregate(left_at=left.unsubscribed_at.max())
    if history.has("consents"):
        left = left_join(left, recorded_consents(history), CUSTOMER_CHANNEL_KEYS)
        is_back = left.granted.fill_null(ibis.literal(False)) & (left.changed_at > left.left_at)
        left = left.filter(~is_back.fill_null(ibis.literal(False)))
    return left.select(*CUSTOMER_CHANNEL_KEYS)


def standing_consents(history: History) -> ir.Table | None:
    """Return customer_id × channel on which consent is on record and was not taken back.

    Nothing where the source has no table of consents: then nobody's is on record.
    """
    if not history.has("consents"):
        return None
    recorded = recorded_consents(history)
    granted = recorded.filter(recorded.granted).select(*CUSTOMER_CHANNEL_KEYS)
    if not history.has("messages"):
        return granted
    return granted.anti_join(unsubscriptions(history), CUSTOMER_CHANNEL_KEYS)


def refused_under_another_name(history: History, channels: Collection[str]) -> ir.Table:
    """Return the customers with a standing refusal on none of some channels.

    What they refused cannot be told, so that no channel is open to them without a record.

    Args:
        history: one as-of date, of a source with a table of consents.
        channels: known by name.
    """
    known = sorted({*channels, *DETAIL_OF_CHANNEL})
    recorded = recorded_consents(history)
    refused = recorded.filter(~recorded.granted & recorded.channel.notin(known))
    return refused.select("customer_id").distinct()


def _changes(history: History) -> ir.Table:
    changes = history.known("consents").select(*CUSTOMER_CHANNEL_KEYS, "granted", "changed_at")
    letters = changes.channel.lower().re_replace(r"[^a-z0-9]", "")
    by_letters = {name.replace("_", ""): name for name in DETAIL_OF_CHANNEL}
    folded = ibis.cases(
        *((letters == short, ibis.literal(name)) for short, name in sorted(by_letters.items())),
        else_=changes.channel.strip(),
    )
    return changes.mutate(channel=folded)


def _on_every_address(
    history: History,
    rows: ir.Table,
    is_refusal: ir.BooleanValue,
    moment: str,
    **told: object,
) -> ir.Table:
    """Add the last refusal on each address to all customers that have the address."""
    if not history.has("customers"):
        return rows
    addresses = _addresses(history.tables["customers"])
    refusals = rows.filter(is_refusal).join(addresses, list(CUSTOMER_CHANNEL_KEYS))
    last = refusals.group_by("channel", "address").aggregate(**{moment: refusals[moment].max()})
    spread = addresses.join(last, ["channel", "address"])
    spread = spread.mutate(**told) if told else spread
    return rows.union(spread.select(*rows.columns))


def _addresses(customers: ir.Table) -> ir.Table:
    """Return customer_id × channel with the address that it reaches, told by what is written."""
    written = {
        "email": customers.email.strip().lower(),
        "phone": customers.phone.re_replace(r"[^0-9]", "").re_replace(r"^00", ""),
    }
    tables = [
        customers.select(
            "customer_id", channel=ibis.literal(channel), address=written[detail].nullif("")
        )
        for channel, detail in sorted(DETAIL_OF_CHANNEL.items())
        if detail is not None
    ]
    every = ibis.union(*tables)
    return every.filter(every.address.notnull())

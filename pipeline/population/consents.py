"""Consent as of a day: the last word that the company knew, by customer and channel.

Two ledgers speak. `consents` holds changes of consent; an unsubscription in `messages` takes consent
back until it is given again. Both are looked at through `History`, so that only what was known
before the as-of date counts. Where giving and taking back fall on one moment, the taking back
holds.

    consents     c1 email granted 1 May     c2 email granted 1 May, refused 3 May
    messages     c1 unsubscribed from email 2 May, known on 9 May
    as of 5 May  c1 email holds: nobody knew yet;  c2 email does not
    as of 9 June neither holds
"""

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.population.history import History
from pipeline.population.joins import left_join


def recorded_consents(history: History) -> ir.Table:
    """Return customer_id × channel on record: `granted`, and `changed_at` of the last change.

    Args:
        history: one as-of date, of a source with a table of consents.
    """
    changes = history.known("consents")
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

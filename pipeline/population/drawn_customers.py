"""Whose past the models learn from: of many customers a draw, the same at every past date.

What a model learns from a few hundred thousand customers hardly differs from what it learns from
all of millions, and what must be computed of each of them at every past date costs most of a run.
Every customer is as likely as another, so that rates, shares and intervals over customers are those
of a simple random sample and need no weights. Who is drawn depends on nothing but the id and the
share: a larger share draws the same customers and further ones.
"""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

LEARNT = "learnt"
"""The purpose of the draw whose past is learnt from."""


def drawn_share(customers: int, most: int | None) -> float:
    """Return the share of customers that is drawn: all where there are no more than the most."""
    return 1.0 if most is None or customers <= most else most / customers


def is_drawn(customer_id: ir.StringValue, share: float, purpose: str) -> ir.BooleanValue:
    """Say who is drawn, by a digest of the id: digests are spread evenly and sort as text.

    Args:
        customer_id: who is asked about.
        share: of all, from 0 to 1.
        purpose: another one draws independently.
    """
    if share >= 1:
        return customer_id.notnull()
    digest = (ibis.literal(f"{purpose}|") + customer_id).hexdigest("md5")
    return digest < f"{int(share * 16**8):08x}"


def learnt_from(rows: ir.Table, past: Sequence[date], share: float) -> ir.Table:
    """Leave out, at the past dates, the rows of customers who are not drawn.

    Args:
        rows: as_of_date × customer_id and more.
        past: the as-of dates of train and validation; at later ones everybody stays.
        share: of the customers, as `drawn_share` returns it.
    """
    if share >= 1:
        return rows
    is_later = ~rows.as_of_date.isin([ibis.date(day.isoformat()) for day in past])
    return rows.filter(is_later | is_drawn(rows.customer_id, share, LEARNT))

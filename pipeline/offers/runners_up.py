"""Runners-up: what else a customer with an offer could have been offered, in its order."""

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import OFFER_KEYS


def list_runners_up(standing: ir.Table, chosen: ir.Table) -> ir.Table:
    """Return the other candidates of customers with an offer, each on its best channel.

    Args:
        standing: CONTACTS that compete and are worth their cost.
        chosen: CONTACT_KEYS of the offers.

    Returns:
        The rows of `standing`, and `position` from 2.
    """
    others = standing.semi_join(chosen, "customer_id").anti_join(chosen, [*OFFER_KEYS])
    of_candidate = ibis.window(group_by=[*OFFER_KEYS], order_by="option")
    placed = others.mutate(channel_place=ibis.row_number().over(of_candidate))
    best = placed.filter(placed.channel_place == 0).drop("channel_place")
    of_customer = ibis.window(group_by="customer_id", order_by="option")
    return best.mutate(position=ibis.row_number().over(of_customer) + 2)

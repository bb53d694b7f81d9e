"""Contact options: candidate × channel, each with its cost, its response and its priority.

The one table that arbitration chooses from; whatever an offer is worth is settled here. A pair is
in it if the contact policy permits the channel, the offer can pay for the contact, and an allocation
within the limits could want it.

    candidate  gross  channel  cost  response  priority
    a, tv       5.00  email    0.01      1.00      4.99   the customer's best channel
    a, tv       5.00  mail     0.75      0.90      3.75   4.50 expected there, less the cost
    a, tea      0.50  email    0.01      1.00      0.49
    a, tea      0.50  mail     0.75      0.90     -0.30   below zero: arbitration leaves it out
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.offers.allocation import Limits
from pipeline.offers.channels import ChannelResponses, rank_channels
from pipeline.offers.fallbacks import keep_useful
from pipeline.offers.priority import group_codes, rank_within_customers

OPTION = (
    "customer_id",
    "model",
    "category",
    "product_id",
    "propensity",
    "value_cents",
    "context",
    "lever",
    "contact_cost_cents",
    "priority_cents",
    "channel",
)


def list_contact_options(
    candidates: pd.DataFrame,
    permitted: pd.DataFrame,
    responses: ChannelResponses,
    costs: Mapping[str, int],
    limits: Limits,
    *,
    candidates_each: int,
) -> pd.DataFrame:
    """Return OPTION: each customer's best candidates on the channels that could carry them.

    Each customer's options stand together, the best candidate first, and of a candidate the best
    channel first. A candidate without a channel that it could pay for is in it once, without one.

    Args:
        candidates: what `weigh_candidates` returns; all of a customer together.
        permitted: customer_id, channel, sent, answered: what the contact policy leaves open, and
            the messages before.
        responses: of everybody.
        costs: cents of a contact, by channel.
        limits: of the wave: without them nobody needs a second channel.
        candidates_each: how many candidates of a customer compete.
    """
    listed = shortlist(candidates, candidates_each)
    best = best_of_each(listed)
    ranked = rank_channels(
        best[["customer_id", "propensity", "value_cents"]],
        affordable(permitted, best, costs),
        responses,
        costs,
    )
    return charge(listed, keep_useful(ranked, limits))


def shortlist(candidates: pd.DataFrame, length: int) -> pd.DataFrame:
    """Keep the offers of each customer that are worth most, the best first.

    Args:
        candidates: customer_id, gross_cents, …; all of a customer together.
        length: how many.
    """
    place = rank_within_customers(candidates, candidates["gross_cents"])
    kept = np.flatnonzero(place <= length)
    customers = (
        candidates["customer_id"].iloc[kept].ne(candidates["customer_id"].iloc[kept].shift())
    )
    order = np.lexsort((place[kept], customers.cumsum().to_numpy()))
    return candidates.iloc[kept[order]].reset_index(drop=True)


def best_of_each(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the first row of each customer."""
    return rows[rows["customer_id"].ne(rows["customer_id"].shift())]


def affordable(
    permitted: pd.DataFrame, best: pd.DataFrame, costs: Mapping[str, int]
) -> pd.DataFrame:
    """Return the permitted channels that cost less than the customer's best offer is worth.

    Args:
        permitted: customer_id, channel and more.
        best: customer_id, gross_cents: the best offer of each customer.
        costs: cents by channel.
    """
    pairs = permitted.merge(best[["customer_id", "gross_cents"]], on="customer_id")
    pays = pairs["channel"].map(costs).astype("int64") < pairs["gross_cents"]
    return pairs.loc[pays, [*permitted.columns]]


def charge(listed: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Return each offer on each of the customer's channels, less what the contact costs.

    On another channel than the best an offer is worth as much less as fewer are expected to take
    it up, and never more than on the best.

    Args:
        listed: customer_id, gross_cents, …
        contacts: customer_id, channel, contact_cost_cents, response; all of a customer together,
            the best first; who is not in it has no channel that the offer could pay for.
    """
    costs = contacts["contact_cost_cents"]
    of_best = costs.groupby(group_codes(contacts["customer_id"])).transform("first")
    charged = listed.merge(contacts.assign(best_cents=of_best), on="customer_id", how="left")
    on_best = charged["gross_cents"] - charged["best_cents"]
    on_this = charged["gross_cents"] * charged["response"] - charged["contact_cost_cents"]
    priority = np.minimum(on_best, on_this)
    return charged.assign(priority_cents=priority).drop(columns=["response", "best_cents"])

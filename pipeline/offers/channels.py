"""The channels of an offer: by expected response net of cost, among those permitted.

What a channel adds is its response rate against the rate of all messages. A customer's own rate on
a channel is drawn towards the world's by as many messages as the world is worth there, which the
ledger itself says: where customers hardly differ, their own few messages count for little.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.errors import ConfigurationError, DataError, known
from pipeline.offers.priority import group_codes

_DOUBT = 100.0  # messages of the average rate that each channel's own rate is drawn towards
_LEAST_LIKENESS = 0.001  # of two messages of one customer: the world counts for 999 at most


def rank_channels(
    offered: pd.DataFrame,
    permitted: pd.DataFrame,
    messages: pd.DataFrame,
    costs: Mapping[str, int],
) -> pd.DataFrame:
    """Return customer_id, channel, contact_cost_cents, response; by customer, the best first.

    `response` is what the channel is expected to bring in over what the customer's best one is.
    A customer who permits no channel has no row. Of equally good channels the cheaper one goes
    first, then the first in the alphabet. A channel that was never tried is
    expected to do as the weakest of those that were.

    Args:
        offered: customer_id (each once), propensity, value_cents.
        permitted: customer_id, channel.
        messages: what was known before the as-of date: customer_id, channel, sent, answered; one
            row for each pair with messages.
        costs: cents by channel.

    Raises:
        ConfigurationError: a permitted channel has no cost.
        DataError: a customer is offered something twice.
    """
    _check(offered, permitted, costs)
    choices = permitted[[*CUSTOMER_CHANNEL_KEYS]].drop_duplicates()
    choices = choices.merge(offered[["customer_id", "propensity", "value_cents"]], on="customer_id")
    choices["contact_cost_cents"] = choices["channel"].map(costs).astype("int64")
    choices["effect"] = response_index(choices, messages)
    expected = choices["propensity"] * choices["value_cents"] * choices["effect"]
    choices["net_cents"] = expected - choices["contact_cost_cents"]
    order = ["customer_id", "net_cents", "contact_cost_cents", "channel"]
    ranked = choices.sort_values(order, ascending=[True, False, True, True], kind="stable")
    ranked = ranked.reset_index(drop=True)
    best = ranked["effect"].groupby(group_codes(ranked["customer_id"])).transform("first")
    ranked["response"] = ranked["effect"] / best
    return ranked[[*CUSTOMER_CHANNEL_KEYS, "contact_cost_cents", "response"]]


def response_index(pairs: pd.DataFrame, messages: pd.DataFrame) -> pd.Series:
    """Return for each customer and channel the response rate over that of all messages.

    Args:
        pairs: customer_id, channel.
        messages: as in `rank_channels`.

    Returns:
        On the index of `pairs`; 1 everywhere where no message was ever answered.
    """
    sent, answered = int(messages["sent"].sum()), int(messages["answered"].sum())
    if not answered:
        return pd.Series(1.0, index=pairs.index)
    told = messages.sort_values([*CUSTOMER_CHANNEL_KEYS])
    world = _world(told, answered / sent)
    own = pairs[[*CUSTOMER_CHANNEL_KEYS]].merge(told, how="left", on=[*CUSTOMER_CHANNEL_KEYS])
    own = own.join(world, on="channel")
    rate = own["rate"].fillna(world["rate"].min())
    weight = own["weight"].fillna(_DOUBT)
    shrunk = (own["answered"].fillna(0) + weight * rate) / (own["sent"].fillna(0) + weight)
    return (shrunk / (answered / sent)).set_axis(pairs.index)


def _world(told: pd.DataFrame, overall: float) -> pd.DataFrame:
    """Return by channel its `rate` and its `weight`, in messages, against a customer's own."""
    told = told.assign(square=told["sent"] ** 2, own=told["answered"] ** 2 / told["sent"])
    sums = told.groupby("channel", observed=True).agg(
        customers=("sent", "size"),
        sent=("sent", "sum"),
        square=("square", "sum"),
        answered=("answered", "sum"),
        own=("own", "sum"),
    )
    rate = (sums["answered"] + _DOUBT * overall) / (sums["sent"] + _DOUBT)
    return pd.DataFrame({"rate": rate, "weight": 1 / _likeness(sums) - 1})


def _likeness(sums: pd.DataFrame) -> pd.Series:
    """Return how alike two messages of one customer are answered: the intraclass correlation.

    The moment estimator for proportions with groups of unequal size (Kleinman 1973): the spread of
    the customers' own rates beyond what chance alone gives.
    """
    rate = sums["answered"] / sums["sent"]
    chance = (rate * (1 - rate)).where(rate.between(0, 1, inclusive="neither"))
    spread = (sums["own"] - sums["sent"] * rate**2) / chance - (sums["customers"] - 1)
    room = sums["sent"] - sums["square"] / sums["sent"] - (sums["customers"] - 1)
    likeness = spread / room.where(room > 0, np.nan)
    return likeness.fillna(0).clip(_LEAST_LIKENESS, 1 - _LEAST_LIKENESS)


def _check(offered: pd.DataFrame, permitted: pd.DataFrame, costs: Mapping[str, int]) -> None:
    free = sorted(set(permitted["channel"].unique()) - set(costs))
    if free:
        raise ConfigurationError(
            f"a contact cost for each channel, {known(costs) if costs else 'none is given'}",
            f"none for {', '.join(free)}",
            "Add it to the contact costs in params.yaml.",
        )
    if offered["customer_id"].duplicated().any():
        raise DataError(
            "each customer once among the offers", "one twice", "Correct the decide stage."
        )

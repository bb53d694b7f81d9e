"""Channel choice: by expected response net of cost, among the channels that are permitted.

What a channel adds is its response rate against the rate of all messages. A customer's own rate on
a channel is shrunk to the channel's population rate. The strength of that prior, in messages, is
estimated from the ledger itself (empirical Bayes): where customers hardly differ, the intraclass
correlation is near 0, the prior is strong, and a customer's own few messages count for little.

    customer  sent  answered  population rate  prior strength  shrunk rate
    a            0         0             0.10              30  (0 + 3) / (0 + 30)   = 0.10
    b           10         4             0.10              30  (4 + 3) / (10 + 30)  = 0.175
    c          300        60             0.10              30  (60 + 3) / (300 + 30) = 0.19
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.errors import ConfigurationError, DataError, known
from pipeline.offers.priority import group_codes
from pipeline.statistics.shrinkage import shrink_rate

_CHANNEL_PRIOR = 100.0  # messages at the average rate that each channel's own rate is shrunk by
_LEAST_CORRELATION = 0.001  # so that the prior counts for 999 messages at most


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
    counted = messages.sort_values([*CUSTOMER_CHANNEL_KEYS])  # sums of floats in one order
    population = _population_rates(counted, answered / sent)
    own = pairs[[*CUSTOMER_CHANNEL_KEYS]].merge(counted, how="left", on=[*CUSTOMER_CHANNEL_KEYS])
    own = own.join(population, on="channel")
    rate = own["rate"].fillna(population["rate"].min())
    strength = own["strength"].fillna(_CHANNEL_PRIOR)
    shrunk = shrink_rate(own["answered"].fillna(0), own["sent"].fillna(0), rate, strength)
    return (shrunk / (answered / sent)).set_axis(pairs.index)


def _population_rates(counted: pd.DataFrame, overall: float) -> pd.DataFrame:
    """Return by channel its `rate`, and the `strength` in messages of a prior at that rate."""
    counted = counted.assign(
        square=counted["sent"] ** 2, own=counted["answered"] ** 2 / counted["sent"]
    )
    sums = counted.groupby("channel", observed=True).agg(
        customers=("sent", "size"),
        sent=("sent", "sum"),
        square=("square", "sum"),
        answered=("answered", "sum"),
        own=("own", "sum"),
    )
    rate = shrink_rate(sums["answered"], sums["sent"], overall, _CHANNEL_PRIOR)
    # A beta prior of strength s gives two trials of one customer the correlation 1 / (1 + s).
    return pd.DataFrame({"rate": rate, "strength": 1 / _intraclass_correlation(sums) - 1})


def _intraclass_correlation(sums: pd.DataFrame) -> pd.Series:
    """Return how alike two messages of one customer are answered, by channel.

    The moment estimator for proportions with groups of unequal size (Kleinman, JASA 68, 1973): the
    variance of the customers' own rates beyond what chance alone gives.
    """
    rate = sums["answered"] / sums["sent"]
    chance = (rate * (1 - rate)).where(rate.between(0, 1, inclusive="neither"))
    excess = (sums["own"] - sums["sent"] * rate**2) / chance - (sums["customers"] - 1)
    most = sums["sent"] - sums["square"] / sums["sent"] - (sums["customers"] - 1)
    correlation = excess / most.where(most > 0, np.nan)
    return correlation.fillna(0).clip(_LEAST_CORRELATION, 1 - _LEAST_CORRELATION)


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

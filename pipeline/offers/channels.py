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
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.errors import ConfigurationError, DataError, known
from pipeline.offers.priority import group_codes
from pipeline.statistics.shrinkage import shrink_rate

_CHANNEL_PRIOR = 100.0  # messages at the average rate that each channel's own rate is shrunk by
_LEAST_CORRELATION = 0.001  # so that the prior counts for 999 messages at most


@dataclass(frozen=True)
class ChannelResponses:
    """How messages are answered, of everybody."""

    rate: float
    """Of all messages; 0 where none was ever answered."""
    by_channel: pd.DataFrame
    """By channel its `rate`, and the `strength` in messages of a prior at that rate."""


def learn_responses(counts: pd.DataFrame) -> ChannelResponses:
    """Learn how messages are answered.

    Args:
        counts: channel, sent, answered and customers: how many were sent and answered so many;
            each combination once, in one order, since sums of floats hang on it.
    """
    customers, sent, answered = (counts[name] for name in ("customers", "sent", "answered"))
    terms = {
        "customers": customers,
        "sent": customers * sent,
        "square": customers * sent**2,
        "answered": customers * answered,
        "own": customers * answered**2 / sent,
    }
    sums = pd.DataFrame(terms).groupby(counts["channel"], observed=True).sum()
    total = int(sums["answered"].sum())
    overall = total / int(sums["sent"].sum()) if total else 0.0
    rate = shrink_rate(sums["answered"], sums["sent"], overall, _CHANNEL_PRIOR)
    # A beta prior of strength s gives two trials of one customer the correlation 1 / (1 + s).
    strength = 1 / _intraclass_correlation(sums) - 1
    return ChannelResponses(overall, pd.DataFrame({"rate": rate, "strength": strength}))


def rank_channels(
    offered: pd.DataFrame,
    permitted: pd.DataFrame,
    responses: ChannelResponses,
    costs: Mapping[str, int],
) -> pd.DataFrame:
    """Return customer_id, channel, contact_cost_cents, response; by customer, the best first.

    `response` is what the channel is expected to bring in over what the customer's best one is.
    A customer who permits no channel has no row. Of equally good channels the cheaper one goes
    first, then the first in the alphabet. A channel that was never tried is
    expected to do as the weakest of those that were.

    Args:
        offered: customer_id (each once), propensity, value_cents.
        permitted: customer_id, channel, and how many messages were sent and answered before.
        responses: of everybody.
        costs: cents by channel.

    Raises:
        ConfigurationError: a permitted channel has no cost.
        DataError: a customer is offered something twice.
    """
    _check(offered, permitted, costs)
    choices = permitted[[*CUSTOMER_CHANNEL_KEYS, "sent", "answered"]]
    choices = choices.drop_duplicates([*CUSTOMER_CHANNEL_KEYS])
    choices = choices.merge(offered[["customer_id", "propensity", "value_cents"]], on="customer_id")
    choices["contact_cost_cents"] = choices["channel"].map(costs).astype("int64")
    choices["effect"] = response_index(choices, responses)
    expected = choices["propensity"] * choices["value_cents"] * choices["effect"]
    choices["net_cents"] = expected - choices["contact_cost_cents"]
    order = ["customer_id", "net_cents", "contact_cost_cents", "channel"]
    ranked = choices.sort_values(order, ascending=[True, False, True, True], kind="stable")
    ranked = ranked.reset_index(drop=True)
    best = ranked["effect"].groupby(group_codes(ranked["customer_id"])).transform("first")
    ranked["response"] = ranked["effect"] / best
    return ranked[[*CUSTOMER_CHANNEL_KEYS, "contact_cost_cents", "response"]]


def response_index(pairs: pd.DataFrame, responses: ChannelResponses) -> pd.Series:
    """Return for each customer and channel the response rate over that of all messages.

    Args:
        pairs: customer_id, channel, sent, answered; the last two empty where nothing was sent.
        responses: of everybody.

    Returns:
        On the index of `pairs`; 1 everywhere where no message was ever answered.
    """
    if not responses.rate:
        return pd.Series(1.0, index=pairs.index)
    of_channel = pairs[["channel"]].join(responses.by_channel, on="channel")
    rate = of_channel["rate"].fillna(responses.by_channel["rate"].min())
    strength = of_channel["strength"].fillna(_CHANNEL_PRIOR)
    shrunk = shrink_rate(pairs["answered"].fillna(0), pairs["sent"].fillna(0), rate, strength)
    return shrunk / responses.rate


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

"""Exploration: a small share of customers gets a permitted contact drawn at random.

What the policy never tries, nobody can measure. The probability with which each contact was chosen
is logged, so that any other policy can be valued offline from the same wave (Horvitz and Thompson,
JASA 47, 1952; Dudík, Langford and Li, ICML 2011).

Three permitted contacts of one customer, of which the policy wants the second, share 0.06:

    contact        wanted   action_probability
    mobile, email           0.06 / 3        = 0.02
    mobile, phone  yes      0.94 + 0.06 / 3 = 0.96
    tv, email               0.06 / 3        = 0.02
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.statistics.hashed_draw import hashed_uniform

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Exploration:
    """What was drawn; one entry a contact."""

    is_drawn: Mask
    """The contact that a customer who is explored gets; at most one of a customer's."""
    action_probability: Floats
    """With which the contact is the customer's, exploration and policy together."""


def explore(contacts: pd.DataFrame, wanted: Mask, *, share: float, salt: str) -> Exploration:
    """Draw who is explored, and each one's contact evenly among those that are permitted.

    The draw hashes customer and salt, so that no order of the rows matters and nobody stores it.

    Args:
        contacts: customer_id, model, category, channel: permitted, each once.
        wanted: the contact that the policy chooses; at most one of a customer's.
        share: of the customers with a permitted contact; 0 explores nobody.
        salt: of the draw; names the wave, so that another wave explores others.
    """
    order = np.asarray(contacts.sort_values(["customer_id", "model", "category", "channel"]).index)
    place = pd.Series(np.arange(len(contacts)), index=order).reindex(contacts.index)
    customer = contacts["customer_id"].astype(str)
    count = customer.groupby(customer).transform("size").to_numpy(np.int64)
    number = place.groupby(customer).rank(method="first").to_numpy(np.int64) - 1
    is_explored = hashed_uniform(customer, f"{salt}|explored") < share
    drawn = np.floor(hashed_uniform(customer, f"{salt}|contact").to_numpy() * count)
    return Exploration(
        is_drawn=is_explored.to_numpy(bool) & (number == drawn.astype(np.int64)),
        action_probability=share / count + (1 - share) * wanted,
    )

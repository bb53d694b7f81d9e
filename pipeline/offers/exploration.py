"""Exploration: a small share of the offers is a permitted contact drawn at random.

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

from pipeline.offers.allocation import Limits, count_uses
from pipeline.offers.incremental_options import CONTACT_KEYS
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
        contacts: CONTACT_KEYS: permitted, each once.
        wanted: the contact that the policy chooses; at most one of a customer's.
        share: of the customers with a permitted contact; 0 explores nobody.
        salt: of the draw; names the wave, so that another wave explores others.
    """
    customer = contacts["customer_id"].astype(str)
    order = contacts.reset_index(drop=True).sort_values([*CONTACT_KEYS]).index
    number = np.empty(len(contacts), dtype=np.int64)
    number[order] = customer.iloc[order].groupby(customer.iloc[order]).cumcount()
    count = customer.groupby(customer).transform("size").to_numpy(np.int64)
    is_explored = hashed_uniform(customer, f"{salt}|explored").to_numpy() < share
    drawn = np.floor(hashed_uniform(customer, f"{salt}|contact").to_numpy() * count)
    return Exploration(
        is_drawn=is_explored & (number == drawn.astype(np.int64)),
        action_probability=share / count + (1 - share) * wanted,
    )


def explore_offers(
    offers: pd.DataFrame, contacts: pd.DataFrame, limits: Limits, *, share: float, salt: str
) -> pd.DataFrame:
    """Return the offers with `is_explored` and `action_probability`, some of them drawn at random.

    A draw for which the wave's limits leave no room, beside everybody's own offer, is not made: the
    customer keeps the offer that the policy chose. The probability counts those as drawn, so that
    it is exact where no limit binds.

    Args:
        offers: what the policy chose, one row a customer.
        contacts: what `contacts_to_explore` returns.
        limits: of the wave.
        share: of the customers with a permitted contact.
        salt: of the draw; names the wave.
    """
    logged = log_contacts(offers, contacts, share=share, salt=salt)
    is_drawn = logged["is_drawn"].to_numpy(dtype=bool)
    drawn = _fitting(logged[is_drawn], offers, limits, salt).assign(is_explored=True)
    own = offers.merge(
        logged[[*CONTACT_KEYS, "action_probability"]], on=[*CONTACT_KEYS], how="left"
    )
    kept = own[~own["customer_id"].isin(drawn["customer_id"])].assign(is_explored=False)
    both = pd.concat([kept, drawn[list(kept.columns)]] if len(drawn) else [kept])
    return both.sort_values("customer_id", ignore_index=True)


def log_contacts(
    offers: pd.DataFrame, contacts: pd.DataFrame, *, share: float, salt: str
) -> pd.DataFrame:
    """Return the contacts with `action_probability` and `is_drawn`; arguments as `explore_offers`."""
    chosen = pd.MultiIndex.from_frame(offers[[*CONTACT_KEYS]])
    wanted = pd.MultiIndex.from_frame(contacts[[*CONTACT_KEYS]]).isin(chosen)
    found = explore(contacts, wanted, share=share, salt=salt)
    return contacts.assign(action_probability=found.action_probability, is_drawn=found.is_drawn)


def contacts_to_explore(contacts: pd.DataFrame, offers: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts that may be drawn for whoever has an offer.

    Those that could pay: whose cost is below what the predicted take-ups bring, were all of them
    caused by the contact. Who has no offer is not explored: the policy wants them left alone.

    Args:
        contacts: what `weigh_contacts` returns.
        offers: what arbitration chose.
    """
    is_offered = contacts["customer_id"].isin(offers["customer_id"])
    return contacts[is_offered & contacts["is_explorable"]].reset_index(drop=True)


def _fitting(drawn: pd.DataFrame, offers: pd.DataFrame, limits: Limits, salt: str) -> pd.DataFrame:
    """Return the draws, in the order of their hashes, as far as the limits have room for them."""
    order = hashed_uniform(drawn["customer_id"].astype(str), f"{salt}|order").to_numpy()
    queue = drawn.iloc[np.argsort(order, kind="stable")]
    used, capacity = count_uses(offers, limits)
    needed, _ = count_uses(queue, limits)
    left = capacity - used.sum(axis=1)
    fits = (np.cumsum(needed.toarray(), axis=1) <= left[:, None]) | (needed.toarray() == 0)
    fitting: pd.DataFrame = queue[fits.all(axis=0)]
    return fitting

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

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.foundation.contracts.frame_rows import OnFrames
from pipeline.foundation.engines import Engine
from pipeline.offers.allocation import Limits, count_uses
from pipeline.offers.customer_contacts import CONTACTS
from pipeline.offers.incremental_options import CONTACT_KEYS
from pipeline.offers.wave_contacts import BY_CUSTOMER
from pipeline.population.joins import left_join
from pipeline.statistics.hashed_draw import hashed_uniform

LOGGED = pa.schema([*CONTACTS, ("action_probability", pa.float64()), ("is_drawn", pa.bool_())])
"""A contact that may be drawn, the probability with which it is the customer's, and whether it is."""
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


def log_contacts(
    engine: Engine, contacts: ir.Table, chosen: ir.Table, *, share: float, salt: str
) -> ir.Table:
    """Return the contacts that may be drawn, with `action_probability` and `is_drawn`.

    Those that could pay, of whoever has an offer: whose cost is below what the predicted take-ups
    bring, were all of them caused by the contact. Who has no offer is not explored: the policy
    wants them left alone.

    Args:
        engine: draws where the rows are.
        contacts: CONTACTS.
        chosen: CONTACT_KEYS of what the policy chose.
        share: of the customers with a permitted contact.
        salt: of the draw; names the wave.
    """
    possible = contacts.filter(contacts.is_explorable).semi_join(chosen, "customer_id")
    wanted = chosen.select(*CONTACT_KEYS).mutate(is_wanted=ibis.literal(True))
    marked = left_join(possible, wanted, CONTACT_KEYS)
    asked = marked.mutate(is_wanted=marked.is_wanted.fill_null(ibis.literal(False)))
    draw = OnFrames(_Draw(share, salt), LOGGED)
    return engine.map_groups(draw, asked, LOGGED, BY_CUSTOMER)


def read_chosen(
    engine: Engine, standing: ir.Table, chosen: ir.Table, logged: ir.Table
) -> pd.DataFrame:
    """Return LOGGED of what the policy chose, by customer.

    A contact that may not be drawn, since it could not pay, has no probability.

    Args:
        engine: joins.
        standing: CONTACTS that compete and are worth their cost.
        chosen: CONTACT_KEYS of what the policy chose.
        logged: what `log_contacts` returns.
    """
    drawn = logged.select(*CONTACT_KEYS, "action_probability", "is_drawn")
    made = left_join(standing.semi_join(chosen, [*CONTACT_KEYS]), drawn, CONTACT_KEYS)
    offers: pd.DataFrame = engine.arrow(made.order_by("customer_id")).to_pandas()
    return offers


@dataclass(frozen=True)
class _Draw:
    share: float
    salt: str

    def __call__(self, contacts: pd.DataFrame) -> pd.DataFrame:
        wanted = contacts["is_wanted"].to_numpy(dtype=bool)
        found = explore(contacts, wanted, share=self.share, salt=self.salt)
        return contacts.assign(
            # Whatever decides, a contact that is drawn stands by what it adds.
            priority_cents=contacts["adds_cents"],
            action_probability=found.action_probability,
            is_drawn=found.is_drawn,
        )


def explore_offers(
    offers: pd.DataFrame, drawn: pd.DataFrame, limits: Limits, *, salt: str
) -> pd.DataFrame:
    """Return the offers with `is_explored`, those of explored customers in place of their own.

    A draw for which the wave's limits leave no room, beside everybody's own offer, is not made: the
    customer keeps the offer that the policy chose. The probability counts those as drawn, so that
    it is exact where no limit binds.

    Args:
        offers: LOGGED of what the policy chose, one row a customer.
        drawn: LOGGED that is drawn; of whoever has an offer.
        limits: of the wave.
        salt: of the draw; names the wave.
    """
    fitting = _fitting(drawn, offers, limits, salt).assign(is_explored=True)
    kept = offers[~offers["customer_id"].isin(fitting["customer_id"])].assign(is_explored=False)
    both = pd.concat([kept, fitting[list(kept.columns)]] if len(fitting) else [kept])
    return both.sort_values("customer_id", ignore_index=True)


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

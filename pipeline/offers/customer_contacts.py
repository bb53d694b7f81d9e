"""The contacts of whole customers: from their candidates × channels to what each is worth."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS, OFFER_KEYS
from pipeline.offers.allocation import Limits
from pipeline.offers.channels import ChannelResponses
from pipeline.offers.contact_options import list_contact_options
from pipeline.offers.incremental_options import (
    CONTACT_KEYS,
    EFFECT,
    number_options,
    weigh_contacts,
)
from pipeline.offers.priority import group_codes
from pipeline.offers.weighing import WEIGHED

CONTACTS = pa.schema(
    [
        *WEIGHED,
        ("channel", pa.string()),
        ("contact_cost_cents", pa.int64()),
        ("priority_cents", pa.float64()),
        ("adds_cents", pa.float64()),
        ("effect", pa.float64()),
        ("effect_error", pa.float64()),
        ("effect_low", pa.float64()),
        ("effect_high", pa.float64()),
        ("effect_origin", pa.string()),
        ("is_explorable", pa.bool_()),
        ("option", pa.int64()),
    ]
)
"""A contact, what it is worth to the decision, what it adds by its effect, whether it may be drawn,
and its number among the customer's options, from 0, the best first: empty where it does not compete.
Who permits no channel that pays has an option without a channel."""


@dataclass(frozen=True)
class Terms:
    """What contacts cost, and what may compete."""

    costs: Mapping[str, int]
    """Cents of a contact, by channel."""
    confidence: float
    """With which a contact must add something."""
    limits: Limits
    """Of the wave."""
    candidates_each: int
    """How many candidates of a customer compete."""


@dataclass(frozen=True)
class WeighByEffect:
    """From whole customers' candidates × permitted channels, sorted by their keys, to CONTACTS."""

    terms: Terms

    def __call__(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Weigh some customers."""
        contacts = _weigh(pairs, self.terms)
        numbers = number_options(
            contacts, self.terms.limits, candidates_each=self.terms.candidates_each
        )
        left = pairs[~pairs["customer_id"].isin(contacts["customer_id"])]
        without = left.drop_duplicates("customer_id").assign(priority_cents=0.0, option=0)
        adds = contacts["priority_cents"]
        return _with_options_without_channel(
            contacts.assign(adds_cents=adds, option=numbers), without
        )


@dataclass(frozen=True)
class WeighByPropensity:
    """The same; the pairs tell how many messages were sent before, and answered."""

    terms: Terms
    responses: ChannelResponses

    def __call__(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Weigh some customers."""
        contacts = _weigh(pairs, self.terms)
        options = list_contact_options(
            pairs.drop_duplicates([*OFFER_KEYS])[WEIGHED.names],
            contacts[[*CUSTOMER_CHANNEL_KEYS, "sent", "answered"]].drop_duplicates(),
            self.responses,
            self.terms.costs,
            self.terms.limits,
            candidates_each=self.terms.candidates_each,
        )
        number = options.groupby(group_codes(options["customer_id"])).cumcount()
        options = options.assign(option=number)
        is_placed = options["channel"].notna()
        placed = options.loc[is_placed, [*CONTACT_KEYS, "option", "priority_cents"]]
        known = contacts.rename(columns={"priority_cents": "adds_cents"}).merge(
            placed.astype({"option": "Int64"}), on=[*CONTACT_KEYS], how="left"
        )
        priority = known["priority_cents"].fillna(known["adds_cents"])
        return _with_options_without_channel(
            known.assign(priority_cents=priority), options[~is_placed]
        )


def _weigh(pairs: pd.DataFrame, terms: Terms) -> pd.DataFrame:
    on_channels = pairs[pairs["channel"].notna()].reset_index(drop=True)
    return weigh_contacts(on_channels, terms.costs, confidence=terms.confidence)


def _with_options_without_channel(contacts: pd.DataFrame, without: pd.DataFrame) -> pd.DataFrame:
    """Return contacts, and below them the options that have no channel."""
    if without.empty:
        return contacts
    empty = dict.fromkeys(("channel", "contact_cost_cents", "adds_cents", *EFFECT))
    rows = without.assign(**empty, is_explorable=False)
    whole = {"contact_cost_cents": "Int64", "option": "Int64"}
    both: pd.DataFrame = pd.concat(
        [part[CONTACTS.names].astype(whole) for part in (contacts, rows)], ignore_index=True
    )
    return both

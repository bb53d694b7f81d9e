"""A wave as the simulation counts it: whom it contacts about what, and what that truly causes.

A wave goes out at the start of a period. What a contact does stands in `contact_effect`; here it is
only put together. Every message arrives. An order answers the question that the model was asked:
anything of the category, or a higher tier of it.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.foundation.errors import DataError
from pipeline.sources.simulated import campaigns
from pipeline.sources.simulated.arrays import NONE, Flags, Floats, Whole
from pipeline.sources.simulated.campaigns import ALL_ARRIVE, SEALED, Messages, Reactions, Sendings
from pipeline.sources.simulated.catalogue import CATEGORIES, COUNT
from pipeline.sources.simulated.contacts import CHANNELS, Contacts, add_up
from pipeline.sources.simulated.hazards import Chances
from pipeline.sources.simulated.ledger import Outcome
from pipeline.sources.simulated.scene import Scene, with_and_without_contact
from pipeline.sources.simulated.timeline import DAY, PERIOD_DAYS, START, date_of
from pipeline.sources.simulated.visible import customer_ids

_MORNING = 9 * 3600


@dataclass(frozen=True)
class Sent:
    """The messages of a wave, and what became of them."""

    is_sent: Flags
    """By contacted offer; one on the web has no message."""
    sendings: Sendings
    reactions: Reactions


@dataclass(frozen=True)
class Asked:
    """The offers of a wave, one a customer, as the simulation counts customers and categories."""

    customer: Whole
    category: Whole
    channel: Whole
    """NONE for an offer that no message carries, such as one on the web."""
    is_up_sell: Flags

    def of(self, chances: Chances) -> Floats:
        """Return the probability that each offer is taken up within the period."""
        place = (self.customer, self.category)
        return np.where(self.is_up_sell, chances.up_sell()[place], chances.cross_sell()[place])

    def taken(self, scene: Scene, outcome: Outcome) -> Flags:
        """Say which offers were taken up within the period."""
        tier = outcome.tier[self.customer, self.category]
        held = scene.held.top[self.customer, self.category]
        return np.where(self.is_up_sell, tier > held, tier > 0)

    def contacts(self, scene: Scene, is_chosen: Flags) -> Contacts:
        """Return what the messages with the chosen offers add up to, each on its own channel."""
        return add_up(
            scene.people,
            COUNT,
            customer=self.customer[is_chosen],
            category=self.category[is_chosen],
            channel=self.channel[is_chosen],
        )


def ask(scene: Scene, offers: pd.DataFrame) -> Asked:
    """Return the offers as the simulation counts.

    Raises:
        DataError: the offers are of another day or of another company.
    """
    days = {str(day) for day in offers["as_of_date"]}
    today = date_of(scene.period).isoformat()
    customer = pd.Index(
        customer_ids(len(scene.people), scene.people.first).to_pylist()
    ).get_indexer(pd.Index(offers["customer_id"]))
    category = pd.Index([c.name for c in CATEGORIES]).get_indexer(pd.Index(offers["category"]))
    if days - {today} or min(customer, default=0) < 0 or min(category, default=0) < 0:
        raise DataError(
            f"a wave of {today} of the company that source.simulated describes",
            f"one of {', '.join(sorted(days))}, with customers or categories that it may not know",
            "Seal a wave that was decided with these parameters.",
        )
    is_up_sell = (offers["model"] == "up_sell").to_numpy(bool)
    return Asked(
        customer.astype(np.int64), category.astype(np.int64), channels_of(offers), is_up_sell
    )


def channels_of(offers: pd.DataFrame) -> Whole:
    """Return the place of each offer's channel in CHANNELS, or NONE."""
    return pd.Index(CHANNELS).get_indexer(pd.Index(offers["channel"])).astype(np.int64)


def true_uplift(scene: Scene, asked: Asked) -> Floats:
    """Return how much likelier each offer is taken up within the period with its contact."""
    everybody = asked.contacts(scene, np.ones(len(asked.customer), dtype=bool))
    with_contact, without = with_and_without_contact(scene, everybody)
    uplift: Floats = asked.of(with_contact) - asked.of(without)
    return uplift


def share_of_period(scene: Scene, offers: pd.DataFrame) -> Floats:
    """Return the share of the period's days on which each offer is valid."""
    first = (pd.to_datetime(offers["valid_from"]) - pd.Timestamp(date_of(scene.period))).dt.days
    last = (pd.to_datetime(offers["valid_until"]) - pd.Timestamp(date_of(scene.period))).dt.days
    days = np.minimum(last + 1, PERIOD_DAYS) - np.maximum(first, 0)
    return np.asarray(np.maximum(days, 0) / PERIOD_DAYS, dtype=np.float64)


def with_contacts(scene: Scene, asked: Asked) -> Scene:
    """Return the start of the period as it is for those whom a wave contacts, and all others."""
    contacts = asked.contacts(scene, np.ones(len(asked.customer), dtype=bool))
    with_contact, _ = with_and_without_contact(scene, contacts)
    tired = scene.state.fatigue + contacts.irritation.sum(axis=1)
    return replace(scene, chances=with_contact, state=replace(scene.state, fatigue=tired))


def send(scene: Scene, contacted: pd.DataFrame) -> Sent:
    """Send a wave's messages, and draw what people do with them.

    Args:
        scene: the start of the period, without the wave.
        contacted: the offers that go out.
    """
    start = pd.to_datetime(contacted["valid_from"]) - pd.Timestamp(START)
    sent = np.asarray(start.dt.days, dtype=np.int64) * DAY + _MORNING
    asked = ask(scene, contacted)
    is_sent = asked.channel != NONE
    sendings = Sendings(asked.customer, asked.category, asked.channel, sent).pick(is_sent)
    reactions = campaigns.react(scene.random("wave"), scene, sendings, ALL_ARRIVE)
    return Sent(is_sent, sendings, reactions)


def messages_of(sent: Sent, campaign: Whole) -> Messages:
    """Return a wave's messages as the company's books have them, known at once.

    Args:
        sent: the messages.
        campaign: the place of each contacted offer's campaign among all of sealed waves.
    """
    count = len(sent.sendings)
    return Messages(
        **vars(sent.sendings),
        **vars(sent.reactions),
        campaign=SEALED + campaign[sent.is_sent],
        product=np.full(count, NONE),
        offer=np.full(count, NONE),
        known=sent.sendings.sent,
    )

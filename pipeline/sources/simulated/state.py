"""What is true of every customer at the start of a period: all that the hazards depend on."""

import math
from dataclasses import dataclass

import numpy as np

from pipeline.sources.simulated import behaviour
from pipeline.sources.simulated.arrays import Flags, Floats, Whole, normal, stream
from pipeline.sources.simulated.catalogue import COUNT, Catalogue, Offer, of_kind
from pipeline.sources.simulated.contacts import Contacts, no_contacts
from pipeline.sources.simulated.people import People
from pipeline.sources.simulated.timeline import NEVER, PERIOD, date_of

LONG_AGO = 200.0
"""Periods since an acquisition that never was."""
_INTEREST_KEPT = 0.88
_INTEREST_SPREAD = 0.9
_MOOD_KEPT = 0.75


@dataclass(frozen=True)
class Market:
    """What is the same for everybody during one period."""

    period: int
    offer: Offer
    season: Floats
    """[categories], in log-odds."""
    discount: Floats
    """[categories]: share of the price that is taken off."""


@dataclass(frozen=True)
class State:
    """Customers at the start of a period; rows as in People."""

    known: Flags
    """Signed up before the period; nothing happens to the others yet."""
    acquired_at: Whole
    """[customers, products]: second of the last acquisition that was not undone since, or NEVER."""
    interest: Floats
    """[customers, categories]: passing interest, in standard deviations; views give hints of it."""
    satisfaction: Floats
    trouble: Floats
    """Incidents of late, fading."""
    contacts: Contacts
    """What was delivered in the period before."""
    fatigue: Floats
    """Irritation by messages of late, fading; an e-mail is one."""
    bustle: Floats
    """Acquisitions of late, fading."""


@dataclass(frozen=True)
class Holdings:
    """What follows from the acquisitions at one moment, [customers, categories] each."""

    top: Whole
    """The highest tier held; 0 holds nothing."""
    age: Floats
    """Periods since the last acquisition, LONG_AGO if there was none."""

    @property
    def owned(self) -> Flags:
        """Return whether anything of the category is held."""
        return self.top > 0


def market(seed: int, catalogue: Catalogue, period: int) -> Market:
    """Return a period's offer, season and price promotions."""
    rng = stream(seed, "promotions", period)
    depth = rng.choice([0.0, 0.1, 0.2, 0.3], COUNT, p=[0.6, 0.2, 0.13, 0.07])
    month = date_of(period).month
    return Market(
        period, catalogue.offer(period), behaviour.seasons(month), depth.astype(np.float32)
    )


def held_products(state: State, catalogue: Catalogue, now: int) -> Flags:
    """Return [customers, products]: acquired, not undone, and not yet run out at a moment."""
    return state.acquired_at + catalogue.lifetime > now


def holdings(state: State, catalogue: Catalogue, now: int) -> Holdings:
    """Summarise what is held at a moment by category."""
    first = catalogue.first_of_category
    tiers = held_products(state, catalogue, now) * catalogue.tier.astype(np.int8)
    top = np.maximum.reduceat(tiers, first, axis=1).astype(np.int64)
    last = np.maximum.reduceat(state.acquired_at, first, axis=1)
    since = (now - np.maximum(last, -1000 * PERIOD)).astype(np.float32) / np.float32(PERIOD)
    return Holdings(top, np.where(last == NEVER, LONG_AGO, since))


def draw_first_state(seed: int, people: People, catalogue: Catalogue) -> State:
    """Return the state before anybody holds anything."""
    rng = stream(seed, "state")
    count = len(people)
    calm = np.zeros(count, np.float32)
    return State(
        known=people.known_before(0),
        acquired_at=np.full((count, len(catalogue.tier)), NEVER),
        interest=_INTEREST_SPREAD * normal(rng, count, COUNT),
        satisfaction=0.5 * people.loyalty + 0.6 * normal(rng, count),
        trouble=calm,
        contacts=no_contacts(people, COUNT),
        fatigue=calm,
        bustle=calm,
    )


@dataclass(frozen=True)
class Happenings:
    """What a period did to the customers, as far as the next one remembers it."""

    acquired_at: Whole
    """[customers, products], as in State."""
    acquired: Floats
    """[customers, categories]: acquisitions."""
    trouble: Floats
    """Weight of the incidents, by customer."""
    contacts: Contacts
    """Delivered messages."""


def next_state(
    people: People, state: State, happenings: Happenings, *, seed: int, period: int
) -> State:
    """Return the state at the start of the period after `period`.

    Args:
        people: latent traits.
        state: at the start of `period`.
        happenings: what `period` brought.
        seed: of the simulation.
        period: the one that ends.
    """
    rng = stream(seed, "state", period + 1)
    # Who has bought something that lasts is no longer looking for it.
    settled = np.minimum(happenings.acquired, 1) * ~of_kind("consumable")
    spread = _INTEREST_SPREAD * math.sqrt(1 - _INTEREST_KEPT**2)
    interest = _INTEREST_KEPT * (state.interest - settled)
    usual = 0.5 * people.loyalty
    mood = usual + _MOOD_KEPT * (state.satisfaction - usual) - happenings.trouble
    return State(
        known=people.known_before(period + 1),
        acquired_at=happenings.acquired_at,
        interest=interest + spread * normal(rng, *interest.shape),
        satisfaction=mood + 0.35 * normal(rng, len(mood)),
        trouble=0.5 * state.trouble + happenings.trouble,
        contacts=happenings.contacts,
        fatigue=0.5 * state.fatigue + happenings.contacts.irritation.sum(axis=1),
        bustle=0.6 * state.bustle + happenings.acquired.sum(axis=1),
    )

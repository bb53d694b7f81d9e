"""Marketing messages: who is chosen, what arrives, and what people and their machines do with it.

The marketer chooses by a crude score: recent interest, related categories, recent purchases.
Contacted customers would therefore buy more even if contacts did nothing; what contacts do cause
stands in `contact_effect`. Mail programmes that hide their readers open everything within minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.sources.simulated import behaviour
from pipeline.sources.simulated.arrays import (
    NONE,
    Codes8,
    Codes16,
    Codes32,
    Flags,
    Floats,
    Rows,
    Whole,
    normal,
    sigmoid,
    uniform,
)
from pipeline.sources.simulated.catalogue import COUNT
from pipeline.sources.simulated.consents import Consents
from pipeline.sources.simulated.contacts import (
    CHANNELS,
    EMAIL,
    MAIL,
    PHONE,
    PUSH,
    SMS,
    Contacts,
    add_up,
)
from pipeline.sources.simulated.ledger import learnt_at
from pipeline.sources.simulated.people import People
from pipeline.sources.simulated.scene import Scene
from pipeline.sources.simulated.timeline import DAY, NEVER, start_of

_CHANNEL_SHARES = (0.7, 0.1, 0.1, 0.06, 0.04)
_CAMPAIGN_SHARE = 0.55  # of the categories, a period
_REACHED_SHARES = (0.12, 0.34)
_MISTAKE_SHARE = 0.01  # of messages without consent that are sent all the same
_REACH_SHARES = (0.975, 0.985, 0.9, 0.97, 0.5)
"""Delivered, by channel."""
_OPEN_LOG_ODDS = (-0.9, -20.0, -1.3, -20.0, -20.0)
_CLICK_LOG_ODDS = (-2.0, -3.2, -2.4, -20.0, -20.0)
_RESPONSE_LOG_ODDS = (-2.2, -2.0, -2.4, -4.2, -2.2)


SEALED = 20_000
"""From here on campaigns are those of sealed waves."""
ALL_ARRIVE = (1.0,) * len(CHANNELS)


@dataclass(frozen=True)
class Messages(Rows):
    """Marketing messages; moments are NEVER where the thing did not happen."""

    customer: Codes32
    campaign: Codes16
    """period × COUNT + category, or SEALED and the place of a sealed wave's campaign."""
    channel: Codes8
    sent: Whole
    category: Codes8
    product: Codes16
    offer: Codes8
    """Per cent taken off; NONE without an offer."""
    delivered: Whole
    bounced: Whole
    opened: Whole
    clicked: Whole
    responded: Whole
    unsubscribed: Whole
    known: Whole


@dataclass(frozen=True)
class Sendings(Rows):
    """Who is written to, about what, on which channel, when."""

    customer: Whole
    category: Whole
    channel: Whole
    sent: Whole


@dataclass(frozen=True)
class Reactions(Rows):
    """What became of messages; moments as in Messages."""

    delivered: Whole
    bounced: Whole
    opened: Whole
    clicked: Whole
    responded: Whole
    unsubscribed: Whole


def send(scene: Scene, views: Floats, granted: Flags) -> Messages:
    """Draw a period's messages and what became of them.

    Args:
        scene: the start of the period.
        views: [customers, categories]: in the period before, which is what the marketer sees.
        granted: [customers, channels].
    """
    rng = scene.random("campaigns")
    channel_of = rng.choice(len(CHANNELS), COUNT, p=_CHANNEL_SHARES)
    customer, category = np.nonzero(_choose(rng, scene, views))
    channel = channel_of[category]
    # A campaign leaves on one morning, over a few hours.
    mornings = start_of(scene.period) + rng.integers(0, 27, COUNT) * DAY + 8 * 3600
    sent = mornings[category] + rng.integers(0, 3 * 3600, len(customer))
    allowed = granted[customer, channel] | (rng.random(len(customer)) < _MISTAKE_SHARE)
    sendings = Sendings(customer, category, channel, sent).pick(allowed)
    return _write(rng, scene, sendings, react(rng, scene, sendings))


def _choose(rng: np.random.Generator, scene: Scene, views: Floats) -> Flags:
    """Return [customers, categories]: the best part by the marketer's score, where one runs."""
    owned = scene.held.owned
    known = np.flatnonzero(scene.known)
    related = np.minimum(owned.astype(np.float32) @ behaviour.leads_to(), 1)
    buyers = np.tanh(0.5 * scene.state.bustle[known])
    runs = rng.random(COUNT) < _CAMPAIGN_SHARE
    is_upgrade = rng.random(COUNT) < 0.3
    reached = rng.uniform(*_REACHED_SHARES, COUNT)
    chosen = np.zeros(views.shape, bool)
    for c in np.flatnonzero(runs & (len(known) > 0)):
        audience = owned[known, c] == is_upgrade[c]
        score = 0.6 * np.log1p(views[known, c]) + 0.8 * related[known, c] + 0.6 * buyers
        score = score + 1.1 * audience + 0.9 * normal(rng, len(known))
        chosen[known, c] = score >= np.quantile(score, 1 - reached[c])
    return chosen


def react(
    rng: np.random.Generator,
    scene: Scene,
    sendings: Sendings,
    reach: Sequence[float] = _REACH_SHARES,
) -> Reactions:
    """Draw what becomes of messages, of which a share arrives by channel."""
    customer, channel, sent = sendings.customer, sendings.channel, sendings.sent
    count = len(sendings)
    arrives = rng.random(count) < np.array(reach)[channel]
    travel = np.where(channel == MAIL, rng.integers(2 * DAY, 5 * DAY, count), 0)
    delivered = np.where(arrives, sent + travel + rng.integers(1, 60, count), NEVER)
    fails = ~arrives & (channel != PHONE)
    warmth = _warmth(scene, sendings)
    reads = _is_lucky(rng, _OPEN_LOG_ODDS, channel, warmth + 0.4 * scene.people.digital[customer])
    read = _after(rng, delivered, reads, 9 * 3600)
    fetched = arrives & scene.people.hides_opens[customer] & (channel == EMAIL)
    fetched &= rng.random(count) < 0.95
    seen = np.where(channel == SMS, delivered, read)
    clicked = _after(rng, seen, _is_lucky(rng, _CLICK_LOG_ODDS, channel, 1.2 * warmth), 300)
    reason = np.where((channel == MAIL) | (channel == PHONE), delivered, clicked)
    answers = _is_lucky(rng, _RESPONSE_LOG_ODDS, channel, warmth)
    return Reactions(
        delivered=delivered,
        bounced=np.where(fails, sent + travel + rng.integers(1, 600, count), NEVER),
        opened=np.where(fetched, delivered + rng.integers(1, 180, count), read),
        clicked=clicked,
        responded=_after(rng, reason, answers, DAY),
        unsubscribed=_after(rng, seen, _leaves(rng, scene, sendings), 600),
    )


def _write(
    rng: np.random.Generator, scene: Scene, sendings: Sendings, reactions: Reactions
) -> Messages:
    category = sendings.category
    count = len(sendings)
    tier = 1 + np.floor(rng.random(count) * scene.offer.top[category]).astype(np.int64)
    product = scene.offer.choose(category, tier, rng.random(count))
    return Messages(
        **vars(sendings),
        **vars(reactions),
        campaign=scene.period * COUNT + category,
        product=np.where(rng.random(count) < 0.4, NONE, product),
        offer=_offers(rng, scene, category),
        known=learnt_at(rng, sendings.sent),
    )


def _warmth(scene: Scene, sendings: Sendings) -> Floats:
    """Return how readily each message is taken up, in log-odds."""
    customer, category = sendings.customer, sendings.category
    drawn = 0.5 * scene.state.interest[customer, category]
    lasting = 0.25 * scene.people.appetite[customer, category]
    personal = 0.36 * scene.people.receptivity - 0.08 * scene.state.fatigue
    return drawn + lasting + personal[customer]


def _is_lucky(
    rng: np.random.Generator, base: tuple[float, ...], channel: Whole, shift: Floats
) -> Flags:
    log_odds = np.array(base, np.float32)[channel] + shift
    return uniform(rng, len(channel)) < sigmoid(log_odds)


def _after(rng: np.random.Generator, moment: Whole, happens: Flags, typical: int) -> Whole:
    """Return a moment some seconds after another, where there was one and something follows."""
    wait = 5 + (typical * rng.exponential(1.0, len(moment))).astype(np.int64)
    return np.where(happens & (moment != NEVER), moment + wait, NEVER)


def _leaves(rng: np.random.Generator, scene: Scene, sendings: Sendings) -> Flags:
    """Say who unsubscribes: those who get too much, and sleeping dogs."""
    touchy = 1.2 * (scene.people.receptivity < 0)
    log_odds = (-5.6 + touchy + 0.2 * scene.state.fatigue)[sendings.customer]
    return (sendings.channel <= PUSH) & (uniform(rng, len(sendings)) < sigmoid(log_odds))


def _offers(rng: np.random.Generator, scene: Scene, category: Whole) -> Whole:
    """Put the period's price promotion into its messages, and few others."""
    promoted = np.round(scene.market.discount[category] * 100).astype(np.int64)
    free = (rng.random(COUNT) < 0.2)[category]
    return np.where(promoted > 0, promoted, np.where(free, 5, NONE))


def arrived(messages: Messages, period: int, people: People) -> Contacts:
    """Return what the messages add up to that reached people before the period's end."""
    seen = (messages.delivered != NEVER) & (messages.delivered < start_of(period + 1))
    reached = messages.pick(seen)
    return add_up(
        people,
        COUNT,
        customer=reached.customer.astype(np.int64),
        category=reached.category.astype(np.int64),
        channel=reached.channel.astype(np.int64),
    )


def stops(messages: Messages) -> Consents:
    """Return the consents that unsubscribing withdraws, one a customer and channel."""
    left = messages.pick(messages.unsubscribed != NEVER)
    keys = left.customer * len(CHANNELS) + left.channel
    left = left.pick(np.unique(keys, return_index=True)[1])
    refused = np.zeros(len(left), bool)
    return Consents(left.customer, left.channel, refused, left.unsubscribed)

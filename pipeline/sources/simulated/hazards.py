"""What may happen to each customer in each category during one period, and how probably.

The state at the start of the period decides; within the period nothing changes it. Each customer
and category has one draw: an acquisition of one tier, a cancellation, or nothing. Hence the
probabilities of the outcomes are exact sums, and `data/truth/` holds no approximation.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.sources.simulated import behaviour
from pipeline.sources.simulated.arrays import Flags, Floats, sigmoid
from pipeline.sources.simulated.catalogue import CATEGORIES, TIERS, Catalogue, Kind, of_kind
from pipeline.sources.simulated.contact_effect import effect_on_acquisition, effect_on_cancellation
from pipeline.sources.simulated.people import People
from pipeline.sources.simulated.state import Holdings, Market, State, holdings
from pipeline.sources.simulated.timeline import start_of

_MOST = 0.5
"""No customer is surer than this to acquire what they do not hold, or a higher tier."""
_HABIT = np.exp(-2.5 * np.arange(TIERS + 1, dtype=np.float32))
"""Liking of a tier by how far it lies below the one held."""


@dataclass(frozen=True)
class Chances:
    """Probabilities of one period's draw; what is left to 1 is nothing."""

    tiers: Floats
    """[TIERS, customers, categories]: an acquisition of the tier."""
    cancel: Floats
    """[customers, categories]: the end of everything held of the category."""
    held: Holdings
    """At the start of the period."""

    def cross_sell(self) -> Floats:
        """Return the probability of acquiring anything, [customers, categories]."""
        total: Floats = self.tiers.sum(axis=0)
        return total

    def up_sell(self) -> Floats:
        """Return the probability of acquiring a tier above the highest held."""
        total: Floats = (self.tiers * _above(self.held)).sum(axis=0)
        return total


def chances(people: People, catalogue: Catalogue, market: Market, state: State) -> Chances:
    """Return what may happen during the market's period."""
    held = holdings(state, catalogue, start_of(market.period))
    pull = _pull(people, market, state)
    first = np.where(held.owned, 0, _MOST * sigmoid(pull + _acquire_shift(people, state, held)))
    upgrade = np.where(
        held.owned & (market.offer.top > held.top),
        _MOST * sigmoid(_upgrade_log_odds(people, pull, held)),
        0,
    )
    cancel = _cancel(people, state, held)
    # What is neither raised nor cancelled may be bought once more.
    left = 1.0 - cancel - upgrade
    repeat = np.where(held.owned, left * sigmoid(_repeat_log_odds(people, state, held)), 0)
    return Chances(_split(people, market, held, first + upgrade, repeat), cancel, held)


def _pull(people: People, market: Market, state: State) -> Floats:
    """Return what draws to a category alike whether it is held or not, in log-odds."""
    mood = 1.3 * (sigmoid(1.8 * state.satisfaction) - 0.5)
    # A reduced price moves those who mind prices, the more so the more they do.
    bargain = 2.2 * sigmoid(1.5 * people.thrift)[:, None] * market.discount
    spent = -0.3 * np.tanh(0.2 * state.bustle)
    contact = effect_on_acquisition(people, state)
    personal = (0.6 * people.drive + mood + spent - 0.4 * np.tanh(state.trouble))[:, None]
    pull: Floats = 0.8 * state.interest + market.season + bargain + contact + personal
    return pull


def _acquire_shift(people: People, state: State, held: Holdings) -> Floats:
    """Return the rest of the log-odds of a customer who holds nothing of the category."""
    related = held.owned.astype(np.float32) @ behaviour.leads_to()
    # What ran out is missed, less and less, by the loyal; what was cancelled or returned is not.
    missed = 1.4 * np.exp(-held.age / 8.0)
    loyal = sigmoid(people.loyalty + state.satisfaction)[:, None]
    shift: Floats = behaviour.acquire() + people.appetite + related + missed * loyal
    return shift


def _upgrade_log_odds(people: People, pull: Floats, held: Holdings) -> Floats:
    steps = _steps()
    gap = people.quality * steps + 1.0 - held.top
    wish = 1.7 * np.tanh(0.9 * gap - 0.3)
    # New things are left alone, and after a year or so habit sets in.
    ripe = 1.7 * np.exp(-(((held.age - 10.0) / 7.0) ** 2))
    lasting = 0.35 * people.appetite
    log_odds: Floats = behaviour.upgrade() + pull + wish + ripe + lasting
    return log_odds


def _repeat_log_odds(people: People, state: State, held: Holdings) -> Floats:
    worn = 1.5 * _is("durable") * np.tanh(np.maximum(held.age - 18.0, 0))
    mood = 0.35 * state.satisfaction[:, None]
    lasting = 0.3 * people.appetite + 0.4 * state.interest + 0.3 * people.drive[:, None]
    log_odds: Floats = behaviour.repeat() + lasting + mood + worn
    return log_odds


def _cancel(people: People, state: State, held: Holdings) -> Floats:
    regret = 0.5 * np.exp(-held.age / 3.0)
    mood = -2.4 * (sigmoid(1.8 * state.satisfaction) - 0.5)
    irritation = effect_on_cancellation(people, state.fatigue) + 0.5 * state.trouble
    personal = (mood + irritation - 0.3 * people.loyalty)[:, None]
    lasting = -0.3 * people.appetite - 0.3 * state.interest
    cancel = 0.3 * sigmoid(behaviour.cancel() + personal + lasting + regret)
    return np.where(held.owned & (_is("subscription") > 0), cancel, 0)


def _split(people: People, market: Market, held: Holdings, rise: Floats, stay: Floats) -> Floats:
    """Share probabilities out over the tiers on offer.

    Args:
        people: latent traits.
        market: what is on offer.
        held: at the start of the period.
        rise: probability of an acquisition above the highest tier held, which may be none.
        stay: probability of an acquisition of that tier or a lower one.

    Returns:
        [TIERS, customers, categories].
    """
    weight = np.empty((TIERS, *rise.shape), np.float32)
    for tier in range(1, TIERS + 1):
        place = np.float32(tier - 1) / np.maximum(_steps(), 1.0)
        liking = np.exp(-5.0 * (place - people.quality) ** 2)
        habit = _HABIT[np.maximum(held.top - tier, 0)]  # the tier held before a lower one
        offered = market.offer.tiers[:, tier - 1]
        weight[tier - 1] = np.where(held.top < tier, liking, habit) * offered
    above = _above(held)
    rises = _shared(rise, (weight * above).sum(axis=0))
    stays = _shared(stay, (weight * ~above).sum(axis=0))
    return weight * np.where(above, rises, stays)


def _shared(probability: Floats, weights: Floats) -> Floats:
    """Return the probability per unit of weight; what nothing is on offer for cannot happen."""
    possible = weights > 0
    return np.where(possible, probability / np.where(possible, weights, 1.0), 0)


def _above(held: Holdings) -> Flags:
    """Return [TIERS, customers, categories]: whether a tier is above the highest held."""
    return np.stack([held.top < tier for tier in range(1, TIERS + 1)])


def _steps() -> Floats:
    """Return the steps from the lowest to the highest tier, by category."""
    return behaviour.constants([len(category.prices) - 1 for category in CATEGORIES])


def _is(kind: Kind) -> Floats:
    return of_kind(kind).astype(np.float32)

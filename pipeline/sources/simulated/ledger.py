"""Product events: what the draws of a period become in the company's books.

A few orders are entered hours or days late (`known_at`), so that the company's view of an as-of
date differs slightly from the true state; the true propensities are those of the true state.
"""

from dataclasses import dataclass, replace

import numpy as np

from pipeline.sources.simulated.arrays import (
    NONE,
    Codes8,
    Codes16,
    Codes32,
    Flags,
    Rows,
    Whole,
    sigmoid,
    uniform,
)
from pipeline.sources.simulated.catalogue import COUNT, TIERS, of_kind
from pipeline.sources.simulated.people import BUSINESS, People
from pipeline.sources.simulated.scene import Scene
from pipeline.sources.simulated.state import held_products
from pipeline.sources.simulated.timeline import DAY, NEVER, draw_moments, start_of

KINDS = ("acquired", "cancelled", "returned")
ACQUIRED, CANCELLED, RETURNED = range(3)
CHANNELS = ("web", "app", "store", "call_centre", "partner")
_LATE_SHARE = 0.015
_MORE_ORDERS = (0.6, 0.5, 0.2)
"""Further orders in a period that has one: of coffee, pet food and garden goods."""


@dataclass(frozen=True)
class Ledger(Rows):
    """Product events."""

    customer: Codes32
    product: Codes16
    kind: Codes8
    occurred: Whole
    quantity: Codes16
    amount: Whole
    """Cents; NONE for what is not sold."""
    discount: Whole
    channel: Codes8
    known: Whole


@dataclass(frozen=True)
class Dealings(Rows):
    """Which customer, which product, when; without what the books say more."""

    customer: Codes32
    product: Codes16
    occurred: Whole


@dataclass(frozen=True)
class Outcome:
    """A period's draws, [customers, categories]."""

    tier: Whole
    """Acquired; 0 for none."""
    cancelled: Flags
    at: Whole
    """When; meaningless where nothing happened."""


def draw_outcome(rng: np.random.Generator, scene: Scene) -> Outcome:
    """Draw what each known customer does in each category."""
    luck = uniform(rng, *scene.chances.cancel.shape)
    luck[~scene.known] = 1.0
    edge = np.zeros_like(luck)
    place = np.zeros(luck.shape, np.int64)
    for probability in (*scene.chances.tiers, scene.chances.cancel):
        edge += probability
        place += luck >= edge
    at = np.full(luck.shape, NEVER)
    happened = place <= TIERS
    at[happened] = draw_moments(rng, scene.period, int(happened.sum()))
    return Outcome(np.where(place < TIERS, place + 1, 0), place == TIERS, at)


def acquisitions(rng: np.random.Generator, scene: Scene, outcome: Outcome) -> Ledger:
    """Return the orders; a consumable may be ordered several times, always the same product."""
    customer, category = np.nonzero(outcome.tier)
    tier, at = outcome.tier[customer, category], outcome.at[customer, category]
    shelf = scene.people.brand[customer, category] + 0.12 * rng.standard_normal(len(at))
    product = scene.offer.choose(category, tier, shelf)
    more = np.zeros(COUNT)
    more[of_kind("consumable")] = _MORE_ORDERS
    again = np.repeat(np.arange(len(at)), rng.poisson(more[category]))
    rows = np.concatenate([np.arange(len(at)), again])
    when = np.concatenate([at, draw_moments(rng, scene.period, len(again))])
    return _orders(rng, scene, Dealings(customer[rows], product[rows], when))


def first_orders(rng: np.random.Generator, scene: Scene) -> Ledger:
    """Return one order for each customer who joins in the period, at the moment of joining."""
    start, end = start_of(scene.period), start_of(scene.period + 1)
    joined = np.flatnonzero((scene.people.joined >= start) & (scene.people.joined < end))
    likely = np.cumsum(scene.chances.cross_sell()[joined], axis=1)
    luck = uniform(rng, len(joined), 1) * likely[:, -1:]
    category = np.minimum((luck >= likely).sum(axis=1), COUNT - 1)
    tiers = np.cumsum(scene.chances.tiers[:, joined, category], axis=0)
    tier = 1 + (uniform(rng, len(joined)) * tiers[-1] >= tiers).sum(axis=0)
    shelf = scene.people.brand[joined, category]
    product = scene.offer.choose(category, np.minimum(tier, TIERS), shelf)
    return _orders(rng, scene, Dealings(joined, product, scene.people.joined[joined]))


def opening_order(rng: np.random.Generator, scene: Scene) -> Ledger:
    """Return one order early on the period's first day, by whom it is the most probable.

    It makes the last morning of the records the latest day with a product event at any size.
    """
    likely = np.where(scene.known[:, None], scene.chances.cross_sell(), 0)
    customer, category = np.unravel_index([int(likely.argmax())], likely.shape)
    tier = 1 + scene.chances.tiers[:, customer, category].argmax(axis=0)
    product = scene.offer.choose(category, tier, scene.people.brand[customer, category])
    at = np.array([start_of(scene.period) + 8 * 3600])
    return replace(_orders(rng, scene, Dealings(customer, product, at)), known=at + 60)


def cancellations(rng: np.random.Generator, scene: Scene, outcome: Outcome) -> Ledger:
    """Return the ends of subscriptions: those cancelled, and those another tier replaces."""
    held = held_products(scene.state, scene.catalogue, start_of(scene.period))
    replaced = (outcome.tier > 0) & of_kind("subscription")
    category = scene.catalogue.category
    other_tier = outcome.tier[:, category] != scene.catalogue.tier
    ends = held & (outcome.cancelled[:, category] | (replaced[:, category] & other_tier))
    customer, product = np.nonzero(ends)
    at = outcome.at[customer, category[product]]
    return _ends(rng, scene.people, CANCELLED, Dealings(customer, product, at))


def draw_returns(rng: np.random.Generator, scene: Scene, orders: Ledger) -> Dealings:
    """Decide which orders will be sent back, two days to four weeks later."""
    goods = ~of_kind("subscription")[scene.catalogue.category[orders.product]]
    odds = -3.6 - 0.4 * scene.state.satisfaction[orders.customer]
    rows = np.flatnonzero(goods & (uniform(rng, len(orders)) < sigmoid(odds)))
    later = 2 * DAY + rng.integers(0, 25 * DAY, len(rows))
    return Dealings(orders.customer[rows], orders.product[rows], orders.occurred[rows] + later)


def enter_returns(rng: np.random.Generator, people: People, returns: Dealings) -> Ledger:
    """Return the product events of goods sent back."""
    return _ends(rng, people, RETURNED, returns)


def learnt_at(rng: np.random.Generator, occurred: Whole) -> Whole:
    """Return when the company knew: mostly within minutes, sometimes days late, or untold."""
    count = len(occurred)
    soon = rng.integers(0, 1800, count)
    late = (3600 * np.exp(rng.normal(2.8, 1.1, count))).astype(np.int64)
    known = occurred + np.where(rng.random(count) < _LATE_SHARE, late, soon)
    return np.where(rng.random(count) < 0.1, NEVER, known)


def post(acquired_at: Whole, orders: Ledger, ends: Ledger) -> Whole:
    """Return what stays acquired after orders and ends, each product as its last event left it."""
    posted = acquired_at.copy()
    np.maximum.at(posted, (orders.customer, orders.product), orders.occurred)
    undone = posted[ends.customer, ends.product] < ends.occurred
    posted[ends.customer[undone], ends.product[undone]] = NEVER
    return posted


def _orders(rng: np.random.Generator, scene: Scene, dealings: Dealings) -> Ledger:
    customer, product = dealings.customer, dealings.product
    count = len(dealings)
    category = scene.catalogue.category[product]
    is_business = scene.people.stage[customer] == BUSINESS
    quantity = 1 + rng.poisson(0.25 * ~of_kind("subscription")[category] + 0.8 * is_business)
    full = scene.catalogue.price[product] * quantity
    off = np.round(full * scene.market.discount[category].astype(float)).astype(np.int64)
    remote = uniform(rng, count) < sigmoid(scene.people.digital[customer] + 0.3)
    return Ledger(
        customer=customer,
        product=product,
        kind=np.full(count, ACQUIRED),
        occurred=dealings.occurred,
        quantity=quantity,
        amount=full - off,
        discount=off,
        channel=np.where(remote, rng.integers(0, 2, count), rng.integers(2, 5, count)),
        known=learnt_at(rng, dealings.occurred),
    )


def _ends(rng: np.random.Generator, people: People, kind: int, dealings: Dealings) -> Ledger:
    count = len(dealings)
    nothing = np.full(count, NONE)
    remote = uniform(rng, count) < sigmoid(people.digital[dealings.customer])
    return Ledger(
        customer=dealings.customer,
        product=dealings.product,
        kind=np.full(count, kind),
        occurred=dealings.occurred,
        quantity=nothing,
        amount=nothing,
        discount=nothing,
        channel=np.where(remote, rng.integers(0, 2, count), rng.integers(2, 4, count)),
        known=learnt_at(rng, dealings.occurred),
    )

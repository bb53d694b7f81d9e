"""Interactions: visits, views, carts, logins, calls, and what went wrong.

Views and carts hint at the passing interest that also drives the next period's hazards; incidents
lower satisfaction. Everything is blurred: people look without wanting and want without looking.
"""

from dataclasses import dataclass, replace

import numpy as np

from pipeline.sources.simulated.arrays import (
    NONE,
    Codes8,
    Codes16,
    Codes32,
    Floats,
    Rows,
    Whole,
    normal,
    sigmoid,
    uniform,
)
from pipeline.sources.simulated.behaviour import constants
from pipeline.sources.simulated.catalogue import CATEGORIES, COUNT, TIERS, of_kind
from pipeline.sources.simulated.ledger import learnt_at
from pipeline.sources.simulated.people import REGIONS
from pipeline.sources.simulated.scene import Scene
from pipeline.sources.simulated.timeline import DAY, NEVER, draw_moments

CHANNELS = ("web", "app", "store", "call_centre", "chat", "social")
WEB, APP, STORE, CALL_CENTRE, CHAT, SOCIAL = range(6)
KINDS = (
    "visit",
    "product_view",
    "search",
    "cart_add",
    "cart_abandon",
    "login",
    "service_call",
    "incident",
    "complaint",
)
VISIT, VIEW, SEARCH, CART, ABANDON, LOGIN, SERVICE, INCIDENT, COMPLAINT = range(9)
DEVICES = ("phone", "desktop", "tablet")
_FAULT_RATE = {"internet": 0.035, "mobile": 0.02, "tv": 0.02, "energy": 0.01, "appliances": 0.012}


@dataclass(frozen=True)
class Touches(Rows):
    """Interactions."""

    customer: Codes32
    channel: Codes8
    kind: Codes8
    occurred: Whole
    product: Codes16
    """NONE where it is about no product."""
    device: Codes8
    seconds: Codes32
    resolved: Whole
    known: Whole


@dataclass(frozen=True)
class Touched:
    """A period's interactions, and what other parts need to know of them."""

    rows: Touches
    views: Floats
    """[customers, categories]."""
    trouble: Floats
    """Weight of the incidents on satisfaction, by customer."""
    served: Whole
    """Rows of service calls and incidents, which surveys ask about."""


def touch(scene: Scene) -> Touched:
    """Draw a period's interactions."""
    rng = scene.random("touches")
    views, counts = _views(rng, scene)
    incidents, trouble = _incidents(rng, scene)
    parts = [views, _carts(rng, scene, views), _errands(rng, scene), incidents]
    rows = Touches.stack(parts)
    served = np.flatnonzero((rows.kind == SERVICE) | (rows.kind == INCIDENT))
    return Touched(rows, counts, trouble, served)


def _views(rng: np.random.Generator, scene: Scene) -> tuple[Touches, Floats]:
    lively = (0.3 * scene.people.digital + 0.3 * scene.people.drive)[:, None]
    drawn = 1.5 * scene.state.interest + 0.7 * scene.people.appetite
    rate = np.exp(np.minimum(-3.1 + lively + drawn + 0.3 * scene.held.owned, 2.5))
    counts = rng.poisson(rate * scene.known[:, None] * scene.activity)
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    customer, category = cells // COUNT, cells % COUNT
    product = _looked_at(rng, scene, customer, category)
    at = draw_moments(rng, scene.period, len(cells))
    return _touches(rng, scene, VIEW, _Contacts(customer, at, product)), counts.astype(np.float32)


def _looked_at(rng: np.random.Generator, scene: Scene, customer: Whole, category: Whole) -> Whole:
    """Return products near the tier that is wanted, of any brand."""
    blur = 0.22 * normal(rng, len(customer))
    wish = np.clip(scene.people.quality[customer, category] + blur, 0, 1)
    tier = 1 + np.round(wish * (scene.offer.top[category] - 1)).astype(np.int64)
    return scene.offer.choose(category, np.minimum(tier, TIERS), rng.random(len(customer)))


def _carts(rng: np.random.Generator, scene: Scene, views: Touches) -> Touches:
    """Let some views go into the cart, more often where the interest is, and stay there."""
    category = scene.catalogue.category[views.product]
    warm = sigmoid(1.2 * scene.state.interest[views.customer, category] - 2.6)
    carts = views.pick(uniform(rng, len(views)) < warm)
    put = carts.occurred + rng.integers(20, 900, len(carts))
    added = replace(carts, kind=np.full(len(carts), CART), occurred=put)
    left = added.pick(uniform(rng, len(added)) < 0.45)
    gone = left.occurred + rng.integers(600, 3600, len(left))
    given_up = replace(left, kind=np.full(len(left), ABANDON), occurred=gone)
    rows = Touches.stack([added, given_up])
    return replace(rows, known=learnt_at(rng, rows.occurred))


def _errands(rng: np.random.Generator, scene: Scene) -> Touches:
    """Draw visits, searches, logins and service calls, which are about no product."""
    keen = np.clip(scene.state.interest, 0, None).mean(axis=1)
    services = (scene.held.owned & of_kind("subscription")).sum(axis=1).astype(np.float32)
    digital = np.exp(0.4 * scene.people.digital)
    unhappy = np.exp(-0.3 * scene.state.satisfaction)
    rates = {
        VISIT: 0.5 + 0.6 * keen,
        SEARCH: 0.3 * digital * (0.4 + keen),
        LOGIN: 0.12 * digital * (0.3 + services),
        SERVICE: 0.03 * unhappy * (0.5 + services),
    }
    parts = []
    for kind, rate in rates.items():
        customer = np.repeat(np.arange(len(rate)), rng.poisson(rate * scene.known * scene.activity))
        at = draw_moments(rng, scene.period, len(customer))
        parts.append(_touches(rng, scene, kind, _about_nothing(customer, at)))
    return Touches.stack(parts)


def _incidents(rng: np.random.Generator, scene: Scene) -> tuple[Touches, Floats]:
    """Draw faults of what is held, some in whole regions, and the complaints that follow."""
    rate = constants([_FAULT_RATE.get(category.name, 0.0) for category in CATEGORIES])
    outage = np.where(rng.random(REGIONS) < 0.08, 5.0, 1.0)[scene.people.region]
    expected = (scene.held.owned * rate).sum(axis=1) * outage * scene.known
    customer = np.repeat(np.arange(len(expected)), rng.poisson(expected))
    at = draw_moments(rng, scene.period, len(customer))
    days = np.exp(rng.normal(0.3, 0.9, len(customer)))
    is_solved = rng.random(len(customer)) < 0.93
    resolved = np.where(is_solved, at + (days * DAY).astype(np.int64), NEVER)
    incidents = _touches(rng, scene, INCIDENT, _about_nothing(customer, at))
    weight = 0.35 + 0.15 * np.minimum(np.where(is_solved, days, 6.0), 6.0)
    trouble = np.bincount(customer, weight, minlength=len(expected)).astype(np.float32)
    touchy = 0.8 * (scene.people.receptivity < 0)
    anger = 2 * weight - 2 + (touchy - scene.state.satisfaction)[customer]
    cross = np.flatnonzero(uniform(rng, len(customer)) < sigmoid(anger))
    later = at[cross] + rng.integers(3600, 3 * DAY, len(cross))
    complaints = _touches(rng, scene, COMPLAINT, _about_nothing(customer[cross], later))
    return Touches.stack([replace(incidents, resolved=resolved), complaints]), trouble


@dataclass(frozen=True)
class _Contacts(Rows):
    """Who, when, and about which product."""

    customer: Whole
    occurred: Whole
    product: Whole


def _about_nothing(customer: Whole, occurred: Whole) -> _Contacts:
    return _Contacts(customer, occurred, np.full(len(customer), NONE))


def _touches(rng: np.random.Generator, scene: Scene, kind: int, contacts: _Contacts) -> Touches:
    count = len(contacts)
    channel = _channels(rng, scene.people.digital[contacts.customer], kind)
    screen = np.where(channel == APP, 0, rng.choice(3, count, p=[0.5, 0.4, 0.1]))
    minutes = 4.0 if kind in (SERVICE, COMPLAINT, INCIDENT, VISIT) else 0.7
    seconds = (60 * minutes * np.exp(0.8 * rng.standard_normal(count))).astype(np.int64)
    return Touches(
        customer=contacts.customer,
        channel=channel,
        kind=np.full(count, kind),
        occurred=contacts.occurred,
        product=contacts.product,
        device=np.where(channel <= APP, screen, NONE),
        seconds=np.where(rng.random(count) < 0.1, NONE, seconds),
        resolved=np.full(count, NEVER),
        known=learnt_at(rng, contacts.occurred),
    )


def _channels(rng: np.random.Generator, digital: Floats, kind: int) -> Whole:
    count = len(digital)
    remote = rng.random(count) < sigmoid(digital)
    screen = np.where(rng.random(count) < 0.55, WEB, APP)
    if kind == VISIT:
        return np.where(remote, screen, np.where(rng.random(count) < 0.9, STORE, SOCIAL))
    if kind in (SERVICE, INCIDENT, COMPLAINT):
        return np.where(remote, rng.choice([APP, CHAT, SOCIAL], count), CALL_CENTRE)
    return screen

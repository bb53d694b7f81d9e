"""What customers already hold when the records begin, and how it came to be in the books."""

import numpy as np

from pipeline.sources.simulated import behaviour
from pipeline.sources.simulated.arrays import NONE, Floats, Whole, sigmoid, stream, uniform
from pipeline.sources.simulated.catalogue import COUNT, TIERS, Catalogue, Offer, lifetimes, of_kind
from pipeline.sources.simulated.ledger import ACQUIRED, CHANNELS, Ledger
from pipeline.sources.simulated.people import People
from pipeline.sources.simulated.timeline import DAY, NEVER

_OLDEST = 3 * 365 * DAY
"""Subscriptions older than this were entered with the date of a migration, three years before."""


def past_orders(seed: int, people: People, catalogue: Catalogue) -> Ledger:
    """Return the acquisitions behind the holdings of those who joined before the records."""
    rng = stream(seed, "beginnings")
    offer = catalogue.offer(0)
    luck = uniform(rng, len(people), COUNT)
    owns = luck < sigmoid(behaviour.owned() + 1.1 * people.appetite)
    customer, category = np.nonzero(owns & people.known_before(0)[:, None])
    tier = _tiers(rng, people.quality[customer, category], category, offer)
    product = offer.choose(category, tier, people.brand[customer, category])
    window = np.where(of_kind("subscription"), _OLDEST, lifetimes())[category]
    longest = np.minimum(window, -people.joined[customer])
    at = -1 - np.floor(rng.random(len(customer)) * longest).astype(np.int64)
    count = len(customer)
    price = catalogue.price[product]
    return Ledger(
        customer=customer,
        product=product,
        kind=np.full(count, ACQUIRED),
        occurred=at,
        quantity=np.ones(count, np.int64),
        amount=price,
        discount=np.zeros(count, np.int64),
        channel=rng.integers(NONE, len(CHANNELS), count),
        known=np.full(count, NEVER),
    )


def _tiers(rng: np.random.Generator, quality: Floats, category: Whole, offer: Offer) -> Whole:
    """Draw tiers around, and rather below, the one that is wanted: the others came up since."""
    steps = offer.top[category] - 1
    wanted = quality * steps - 0.5 + 0.6 * rng.standard_normal(len(category))
    return 1 + np.clip(np.round(wanted), 0, np.minimum(steps, TIERS - 1)).astype(np.int64)

"""What the company sells: twelve categories, their tiers and products.

The catalogue changes only at the start of a period, so that what is on offer is fixed within it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from pipeline.sources.simulated.arrays import NONE, Codes, Flags, Floats, Whole
from pipeline.sources.simulated.timeline import DAY, PERIOD_DAYS

Kind = Literal["subscription", "durable", "consumable"]
TIERS = 4
"""The most tiers that a category has."""
UNLIMITED = np.iinfo(np.int64).max // 4
"""Seconds for which a subscription is held: until it is cancelled."""


@dataclass(frozen=True)
class Category:
    """A category as its price list shows it."""

    name: str
    kind: Kind
    prices: tuple[int, ...]
    """Cents, one a tier from 1 up."""
    margin: float
    brands: tuple[str, ...]
    """Each makes every tier, except for what `_LAUNCHES` and `_RETIREMENTS` say."""
    repurchase_days: int | None = None


CATEGORIES: tuple[Category, ...] = (
    Category("internet", "subscription", (2490, 3490, 4990, 7990), 0.42, ("Northwave", "Lumo")),
    Category("mobile", "subscription", (990, 1690, 2490, 3990), 0.48, ("Northwave", "Lumo", "Zip")),
    Category("tv", "subscription", (790, 1490, 2490), 0.31, ("Lumo", "Cinora", "Playbox")),
    Category("insurance", "subscription", (1290, 1990, 3490), 0.27, ("Haven", "Safeguard")),
    Category("energy", "subscription", (5900,), 0.08, ("Voltea", "Solari", "Verde", "Brisa")),
    Category("security", "subscription", (1990, 2990, 4490), 0.38, ("Haven", "Sentry")),
    Category("smartphones", "durable", (19900, 39900, 69900, 119900), 0.12, ("Orbit", "Kite"), 730),
    Category(
        "appliances", "durable", (34900, 59900, 99900), 0.19, ("Norden", "Casa", "Ilma"), 1095
    ),
    Category("coffee_machines", "durable", (9900, 24900, 59900), 0.24, ("Casa", "Ristra"), 900),
    Category("coffee", "consumable", (890, 1290, 1990), 0.35, ("Ristra", "Alba", "Monte"), 63),
    Category("pet_food", "consumable", (1490, 2490, 3990), 0.29, ("Rovo", "Patita"), 56),
    Category("garden", "consumable", (1990,), 0.4, ("Verde", "Prado", "Ilma", "Huerta"), 84),
)
COUNT = len(CATEGORIES)
# (category, brand, tier) -> the share of the simulated time after which it comes or goes.
_LAUNCHES = {
    ("internet", "Northwave", 4): 0.35,
    ("internet", "Lumo", 4): 0.45,
    ("mobile", "Zip", 4): 0.6,
    ("tv", "Playbox", 3): 0.55,
    ("insurance", "Safeguard", 3): 0.4,
    ("energy", "Brisa", 1): 0.3,
    ("smartphones", "Kite", 4): 0.5,
    ("coffee_machines", "Ristra", 3): 0.25,
    ("coffee", "Monte", 3): 0.2,
    ("garden", "Huerta", 1): 0.65,
}
_RETIREMENTS = {
    ("mobile", "Zip", 1): 0.5,
    ("tv", "Cinora", 1): 0.45,
    ("energy", "Verde", 1): 0.55,
    ("smartphones", "Orbit", 1): 0.7,
    ("appliances", "Ilma", 2): 0.6,
    ("pet_food", "Rovo", 3): 0.75,
    ("coffee", "Alba", 1): 0.4,
}
_BRAND_PRICE = (1.0, 0.92, 1.08, 0.85)  # by the brand's place in its category


@dataclass(frozen=True)
class Offer:
    """What is on offer in one period, laid out for drawing products by category and tier."""

    tiers: Flags
    """[categories, TIERS]: something of the tier is on offer."""
    first: Whole
    """[categories, TIERS]: where the tier's products start in `products`."""
    count: Whole
    products: Whole
    nearest: Whole
    """[categories, TIERS]: the tier on offer that is nearest to each, the lower one first."""

    @property
    def top(self) -> Whole:
        """Return the highest tier on offer, by category."""
        top: Whole = (self.tiers * np.arange(1, TIERS + 1)).max(axis=1)
        return top

    def choose(self, category: Codes, tier: Codes, at: Floats) -> Whole:
        """Return a product of each category and tier: the one that stands `at` 0..1 on its shelf.

        A tier that is not on offer is replaced by the nearest one that is.
        """
        tier = self.nearest[category, tier - 1]
        place = np.floor((at % 1.0) * self.count[category, tier - 1]).astype(np.int64)
        last = self.count[category, tier - 1] - 1
        product: Whole = self.products[self.first[category, tier - 1] + np.minimum(place, last)]
        return product


@dataclass(frozen=True)
class Catalogue:
    """The products, sorted by category, brand and tier; columns by product position."""

    category: Whole
    tier: Whole
    brand: tuple[str, ...]
    price: Whole
    """Cents."""
    margin_rate: Floats
    launched: Whole
    """Period; NONE for a product that was there before the records, of unknown age."""
    retired: Whole
    """Period; NONE for a product that is still on offer."""

    @cached_property
    def lifetime(self) -> Whole:
        """Return the seconds for which an acquisition of each product is held."""
        return lifetimes()[self.category]

    @cached_property
    def first_of_category(self) -> Whole:
        """Return the position of each category's first product."""
        return np.searchsorted(self.category, np.arange(COUNT))

    def offer(self, period: int) -> Offer:
        """Return what is on offer in a period."""
        is_offered = (self.launched <= period) & ((self.retired == NONE) | (self.retired > period))
        order = np.lexsort((np.arange(len(self.tier)), self.tier, self.category))
        shelf = order[is_offered[order]]
        place = self.category[shelf] * TIERS + self.tier[shelf] - 1
        count = np.bincount(place, minlength=COUNT * TIERS)
        tiers = (count > 0).reshape(COUNT, TIERS)
        first = (np.cumsum(count) - count).reshape(COUNT, TIERS)
        return Offer(tiers, first, count.reshape(COUNT, TIERS), shelf, _nearest(tiers))


def lifetimes() -> Whole:
    """Return the seconds for which an acquisition is held, by category."""
    days = [category.repurchase_days for category in CATEGORIES]
    return np.array([UNLIMITED if d is None else d * DAY for d in days], np.int64)


def of_kind(kind: Kind) -> Flags:
    """Return which categories are of a kind."""
    return np.array([category.kind == kind for category in CATEGORIES])


def build(periods: int) -> Catalogue:
    """Lay out the catalogue over the simulated time."""
    lines = [
        (c, b, tier)
        for c, category in enumerate(CATEGORIES)
        for b in range(len(category.brands))
        for tier in range(1, len(category.prices) + 1)
    ]
    keys = [(CATEGORIES[c].name, CATEGORIES[c].brands[b], tier) for c, b, tier in lines]
    prices = [CATEGORIES[c].prices[tier - 1] * _BRAND_PRICE[b] for c, b, tier in lines]
    margins = [CATEGORIES[c].margin + 0.02 * (tier - 1) - 0.01 * b for c, b, tier in lines]
    return Catalogue(
        category=np.array([c for c, _, _ in lines]),
        tier=np.array([tier for _, _, tier in lines]),
        brand=tuple(brand for _, brand, _ in keys),
        price=np.round(np.array(prices) / 10).astype(np.int64) * 10,
        margin_rate=np.round(np.array(margins), 3),
        launched=_periods(keys, _LAUNCHES, periods),
        retired=_periods(keys, _RETIREMENTS, periods),
    )


def launch_days_before(catalogue: Catalogue) -> Whole:
    """Return days from START to the launch of products older than the records; 0 if unknown."""
    place = np.arange(len(catalogue.tier))
    return np.where(place % 5 == 0, 0, -PERIOD_DAYS * (13 + place % 40))


def _periods(
    keys: list[tuple[str, str, int]], shares: dict[tuple[str, str, int], float], periods: int
) -> Whole:
    return np.array([int(shares[key] * periods) if key in shares else NONE for key in keys])


def _nearest(tiers: Flags) -> Whole:
    steps = np.arange(TIERS)
    distance = np.abs(steps[None, :] - steps[:, None]).astype(float)
    masked = np.where(tiers[:, None, :], distance[None, :, :], np.inf)
    nearest: Whole = masked.argmin(axis=2) + 1
    return nearest

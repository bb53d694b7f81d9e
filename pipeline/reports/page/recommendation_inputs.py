"""The recommendations that the page shows: the first of what `recommend` found, by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.foundation.contracts.hand_overs.document import Figure


@dataclass(frozen=True)
class HeldProduct:
    """A product that many customers hold."""

    name: str
    customers: int
    share: float


@dataclass(frozen=True)
class ProductSet:
    """Products that go together, and how much more often than by chance."""

    products: Sequence[str]
    times: int
    lift: Figure


@dataclass(frozen=True)
class Hook:
    """A first product after which customers spend more."""

    product: str
    customers: int
    later_cents: float
    ratio: Figure


@dataclass(frozen=True)
class Thresholds:
    """What the spend thresholds come to under the assumptions."""

    looked_at: int
    paying: int
    best_cents: int | None = None
    """Of the one that gains most, where any pays."""
    best_segment: str = ""


@dataclass(frozen=True)
class RecommendationTables:
    """The first of each kind; none of a kind is an empty sequence."""

    top_products: Sequence[HeldProduct]
    bought_together: Sequence[ProductSet]
    bought_next: Sequence[ProductSet]
    """The second in a later basket."""
    bundles: Sequence[ProductSet]
    hooks: Sequence[Hook]
    thresholds: Thresholds
    lists: Mapping[str, Mapping[str, float]]
    """Lifecycle stage → list → its share of the products shown, the largest first."""

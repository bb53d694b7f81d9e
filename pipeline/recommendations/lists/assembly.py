"""From candidates to the products that are shown: the stage's order, and what may not be shown.

Each list gives a few of its products in turn; when all have, they fill the places left, in the same
order. A product is shown once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.recommendations.coded import Codes
from pipeline.recommendations.lists.ranked import NONE

Flags = npt.NDArray[np.bool_]
BLOCK = 50_000


class Bar(Protocol):
    """A rule that keeps products from customers."""

    def has(self, customers: npt.NDArray[np.int64], candidates: Codes) -> Flags:
        """Say of each customer and candidate whether the pair is barred."""


@dataclass(frozen=True)
class OffShelf:
    """What is not on offer."""

    is_shown: Flags
    """By product."""

    def has(self, customers: npt.NDArray[np.int64], candidates: Codes) -> Flags:  # noqa: ARG002 - one signature for all
        """Say which candidates are off the shelf, whoever the customer."""
        return np.asarray(~self.is_shown[candidates])


@dataclass(frozen=True)
class Barred:
    """What a customer is not shown, by pairs of customer and product or category."""

    pairs: npt.NDArray[np.int64]
    """customer × product count + product, sorted."""
    product_count: int

    @classmethod
    def of(cls, rows: pd.DataFrame, product_count: int) -> "Barred":
        """Bar the pairs of customer and product that the rows name."""
        customer = rows["customer"].to_numpy(np.int64)
        return cls(np.unique(customer * product_count + rows["product"]), product_count)

    def has(self, customers: npt.NDArray[np.int64], candidates: Codes) -> Flags:
        """Say of each customer and candidate whether the pair is barred."""
        if not len(self.pairs):
            return np.zeros(candidates.shape, dtype=bool)
        wanted = customers * self.product_count + candidates
        place = np.minimum(np.searchsorted(self.pairs, wanted), len(self.pairs) - 1)
        return np.asarray(self.pairs[place] == wanted)


@dataclass(frozen=True)
class HeldTiers:
    """The highest tier that a customer holds of a category in which one product is enough."""

    pairs: npt.NDArray[np.int64]
    """customer × category count + category, sorted."""
    tiers: npt.NDArray[np.int64]
    category_of: Codes
    """By product; -1 where a second product of the category does no harm."""
    tier_of: npt.NDArray[np.int64]

    @classmethod
    def of(
        cls, held: pd.DataFrame, category_of: Codes, tier_of: npt.NDArray[np.int64]
    ) -> "HeldTiers":
        """Take the highest tier of each pair that the rows name.

        Args:
            held: customer and product.
            category_of: category code by product; -1 where a second one does no harm.
            tier_of: tier by product.
        """
        product = held["product"].to_numpy()
        category = category_of[product]
        count = int(category_of.max(initial=0)) + 1
        keys = held["customer"].to_numpy(np.int64) * count + category
        rows = pd.DataFrame({"key": keys, "tier": tier_of[product]})[category >= 0]
        highest = rows.groupby("key")["tier"].max()
        return cls(
            highest.index.to_numpy(np.int64), highest.to_numpy(np.int64), category_of, tier_of
        )

    def has(self, customers: npt.NDArray[np.int64], candidates: Codes) -> Flags:
        """Say which candidates are no step up from what is held of their category."""
        if not len(self.pairs):
            return np.zeros(candidates.shape, dtype=bool)
        count = int(self.category_of.max(initial=0)) + 1
        category = self.category_of[candidates]
        wanted = customers * count + category
        place = np.minimum(np.searchsorted(self.pairs, wanted), len(self.pairs) - 1)
        is_held = (self.pairs[place] == wanted) & (category >= 0)
        return np.asarray(is_held & (self.tier_of[candidates] <= self.tiers[place]))


@dataclass(frozen=True)
class ListLimits:
    """How many products a customer is shown, and how many a list gives in its turn."""

    products: int
    per_list: int


@dataclass(frozen=True)
class Shown:
    """customers × places of product codes, and which list gave each; -1 where there is none."""

    products: Codes
    lists: Codes


def assemble(
    candidates: Sequence[Codes], order_of: Sequence[Sequence[int]], group: Codes, limits: ListLimits
) -> Shown:
    """Return what each customer is shown.

    Args:
        candidates: by list, customers × places of products that may be shown, -1 for none.
        order_of: by group of customers, the lists in their order.
        group: of each customer.
        limits: how many.
    """
    products = np.full((len(group), limits.products), NONE, dtype=np.int32)
    lists = np.full((len(group), limits.products), NONE, dtype=np.int32)
    for number, order in enumerate(order_of):
        members = np.flatnonzero(group == number)
        for start in range(0, len(members), BLOCK):
            rows = members[start : start + BLOCK]
            part = _fill([(name, candidates[name][rows]) for name in order], len(rows), limits)
            products[rows], lists[rows] = part.products, part.lists
    return Shown(products, lists)


def _fill(turns: Sequence[tuple[int, Codes]], count: int, limits: ListLimits) -> Shown:
    products = np.full((count, limits.products), NONE, dtype=np.int32)
    lists = np.full((count, limits.products), NONE, dtype=np.int32)
    for most in (limits.per_list, limits.products):
        for name, offered in turns:
            rows = np.flatnonzero(products[:, -1] == NONE)  # whose places are not all filled
            given, some = products[rows], offered[rows]
            is_new = (some != NONE) & ~(some[:, :, None] == given[:, None, :]).any(axis=2)
            nth = np.cumsum(is_new, axis=1)
            place = (given != NONE).sum(axis=1)[:, None] + nth - 1
            row, column = np.nonzero(is_new & (nth <= most) & (place < limits.products))
            products[rows[row], place[row, column]] = some[row, column]
            lists[rows[row], place[row, column]] = name
    return Shown(products, lists)


def as_rows(
    shown: Shown, customer_ids: pd.Series, product_ids: pd.Series, names: Sequence[str]
) -> pd.DataFrame:
    """Return customer_id, list, position and product as rows, by customer and position."""
    row, place = np.nonzero(shown.products != NONE)
    product = shown.products[row, place]
    return pd.DataFrame(
        {
            "customer_id": customer_ids.to_numpy()[row],
            "list": np.array(names, dtype=object)[shown.lists[row, place]],
            "position": place + 1,
            "product": product,
            "product_id": product_ids.to_numpy()[product],
        }
    )


def permitted(offered: Codes, bars: Sequence[Bar]) -> Codes:
    """Return a list's candidates, customers × places, without those that a bar refuses."""
    kept = offered.copy()
    row, place = np.nonzero(kept != NONE)
    for bar in bars:
        refused = bar.has(row, kept[row, place])
        kept[row[refused], place[refused]] = NONE
        row, place = row[~refused], place[~refused]
    return kept

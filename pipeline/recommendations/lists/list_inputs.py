"""What the product lists are made from: customers and products as codes, with what links them."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.config import RecommendParams
from pipeline.foundation.contracts.tables import NOT_OFFERED
from pipeline.recommendations.associations.association_tables import Associations
from pipeline.recommendations.associations.baskets import Baskets
from pipeline.recommendations.coded import Coded, Codes
from pipeline.recommendations.lists.assembly import Flags
from pipeline.recommendations.lists.manual_selection import choice
from pipeline.recommendations.lists.ranked import favourite, ranking
from pipeline.recommendations.lists.satisfied_customers import is_satisfied

DEPTH = 15  # candidates of a list: what is left after bars still fills a turn
YEAR_DAYS = 365
VISIT_DAYS = 90
BEST_SELLER_DAYS = 90


@dataclass(frozen=True)
class ListInputs:
    """What the lists are made from; customers and products are codes."""

    products: pd.DataFrame
    """The catalogue: category, brand, launched_on, repurchase_days, by code."""
    customers: pd.DataFrame
    """customer_type and lifecycle_stage, by code."""
    is_satisfied: Flags
    """By customer: may be asked for a review."""
    baskets: Baskets
    next_rules: pd.DataFrame
    """Rules of what is bought next, as `associations.association_rules.best` returns them."""
    bought: pd.DataFrame
    """customer, product, purchases and age_days of the last one, within the year."""
    guests: pd.DataFrame
    """basket, product and age_days of what guests bought."""
    held: pd.DataFrame
    """customer and product."""
    visited: pd.DataFrame
    """customer, product, touches and recency."""
    manual: pd.DataFrame
    """product and lifecycle_stage, empty for every stage, in the order to show."""
    is_shown: Flags
    """By product: on offer."""
    as_of_date: pd.Timestamp
    depth: int
    """Candidates that a list gives a customer at most."""
    novelty_days: int
    review_days: tuple[int, int]
    """The days after a purchase between which a review is asked for."""

    @property
    def count(self) -> int:
        """Return the number of customers."""
        return len(self.customers)

    @cached_property
    def category(self) -> Codes:
        """Return the category code of each product."""
        return np.asarray(pd.factorize(self.products["category"], sort=True)[0], dtype=np.int32)

    @cached_property
    def brand(self) -> Codes:
        """Return the brand code of each product; -1 for none."""
        return np.asarray(pd.factorize(self.products["brand"], sort=True)[0], dtype=np.int32)

    @cached_property
    def buyers(self) -> npt.NDArray[np.int64]:
        """Return how many customers and orders of guests had each product within 90 days."""
        recent = [
            rows.loc[rows["age_days"] <= BEST_SELLER_DAYS, "product"].to_numpy(np.int64)
            for rows in (self.bought, self.guests)
        ]
        return np.bincount(np.concatenate(recent), minlength=len(self.products))

    @cached_property
    def novelty(self) -> Flags:
        """Say which products were launched lately."""
        launched = pd.to_datetime(self.products["launched_on"])
        age = (self.as_of_date - launched).dt.days
        return np.asarray((age >= 0) & (age < self.novelty_days))

    def ranked(self, keys: Codes, among: Flags) -> Codes:
        """Return the ranking of each key by buyers, of products on offer among those given."""
        products = np.flatnonzero(among & self.is_shown).astype(np.int32)
        return ranking(
            keys[products],
            products,
            self.buyers[products],
            key_count=int(keys.max(initial=-1)) + 1,
            depth=self.depth,
        )

    def favourite_of(self, rows: pd.DataFrame, keys: Codes, *by: str) -> Codes:
        """Return the key of the products that each customer has most of."""
        keyed = rows.assign(key=keys[rows["product"].to_numpy(np.int64)])
        return favourite(keyed, "key", list(by), self.count)


def gather_list_inputs(
    coded: Coded,
    customers: pd.DataFrame,
    associations: Associations,
    guests: pd.DataFrame,
    *,
    manual: pd.DataFrame,
    chosen: RecommendParams,
    as_of_date: date,
) -> ListInputs:
    """Gather what the lists are made from.

    Args:
        coded: customers and products known at the as-of date.
        customers: those of `coded` with their segments, in its order.
        associations: the rules among products.
        guests: what guests bought, as `Coded.guest_purchases` returns it.
        manual: the manual selection, as read.
        chosen: the parameters of the lists.
        as_of_date: of the lists.
    """
    is_offered = coded.products["is_offered"] & (coded.products["category"] != NOT_OFFERED)
    return ListInputs(
        products=coded.products,
        customers=customers,
        is_satisfied=is_satisfied(
            coded.engine, coded.history, customers["customer_id"], chosen.content_days
        ),
        baskets=associations.bought,
        next_rules=associations.best["bought_next"],
        bought=coded.bought_lately(YEAR_DAYS),
        guests=guests,
        held=coded.held(),
        visited=coded.visited(VISIT_DAYS),
        manual=choice(manual, coded.products, chosen.lists),
        is_shown=is_offered.to_numpy(bool),
        as_of_date=pd.Timestamp(as_of_date),
        depth=DEPTH,
        novelty_days=chosen.novelty_days,
        review_days=(chosen.review_from_days, chosen.review_until_days),
    )

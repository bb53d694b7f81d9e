"""What the product lists of all customers have in common: products, and what links them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pipeline.recommendations.coded import Codes
from pipeline.recommendations.lists.assembly import Flags
from pipeline.recommendations.lists.ranked import ranking
from pipeline.statistics.arrays import Floats, Ints


@dataclass(frozen=True)
class Shelf:
    """The products, as codes; it goes to where the customers are."""

    products: pd.DataFrame
    """The catalogue: category, brand, launched_on, repurchase_days, by code."""
    is_shown: Flags
    """By product: on offer."""
    buyers: Ints
    """By product: how many customers and orders of guests had it lately."""
    columns: Codes
    """The products that associations look at."""
    alike: Floats
    """How alike two of these are by who bought them; 0 for what is not on offer."""
    contracts_alike: Floats
    """How alike two of these are by which businesses hold them; 0 for what is no contract on offer."""
    next_rules: pd.DataFrame
    """Rules of what is bought next, as `associations.association_rules.best_rules` returns them."""
    manual: pd.DataFrame
    """product and lifecycle_stage, empty for every stage, in the order to show."""
    as_of_date: pd.Timestamp
    depth: int
    """Candidates that a list gives a customer at most."""
    novelty_days: int
    review_days: tuple[int, int]
    """The days after a purchase between which a review is asked for."""

    @cached_property
    def category(self) -> Codes:
        """Return the category code of each product."""
        return np.asarray(pd.factorize(self.products["category"], sort=True)[0], dtype=np.int32)

    @cached_property
    def brand(self) -> Codes:
        """Return the brand code of each product; -1 for none."""
        return np.asarray(pd.factorize(self.products["brand"], sort=True)[0], dtype=np.int32)

    @cached_property
    def repurchase_days(self) -> Floats:
        """Return the days after which each product is used up; NaN for what is held on."""
        return self.products["repurchase_days"].to_numpy(np.float64)

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

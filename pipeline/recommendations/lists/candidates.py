"""What each list has to give each customer, before anything is barred.

Every list is customers × places of product codes, best first, -1 where it has no more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.config import ListName
from pipeline.recommendations.associations.baskets import Baskets, Incidence, incidence
from pipeline.recommendations.coded import Codes
from pipeline.recommendations.lists.assembly import Flags
from pipeline.recommendations.lists.ranked import NONE, favourite, look_up, own, ranking
from pipeline.recommendations.lists.similar import likeness, most_alike


@dataclass(frozen=True)
class Situation:
    """What the lists are made from; customers and products are codes."""

    products: pd.DataFrame
    """The catalogue: category, brand, launched_on, repurchase_days, by code."""
    customers: pd.DataFrame
    """customer_type and lifecycle_stage, by code."""
    is_content: Flags
    """By customer: may be asked for a review."""
    baskets: Baskets
    next_rules: pd.DataFrame
    """Rules of what is bought next, as `associations.rules.best` returns them."""
    bought: pd.DataFrame
    """customer, product, purchases and age_days of the last one, within the year."""
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
        """Return how many customers bought each product within 90 days."""
        recent = self.bought.loc[self.bought["age_days"] <= 90, "product"]
        return np.bincount(recent, minlength=len(self.products))

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


def _everything(situation: Situation) -> Flags:
    return np.ones(len(situation.products), dtype=bool)


def _whole(situation: Situation) -> Codes:
    return np.zeros(len(situation.products), dtype=np.int32)


def _sold_to_all(situation: Situation, among: Flags) -> Codes:
    table = situation.ranked(_whole(situation), among)
    return look_up(table, np.zeros(situation.count, dtype=np.int32))


def best_sellers(situation: Situation) -> Codes:
    """Return what most customers bought lately."""
    return _sold_to_all(situation, _everything(situation))


def novelties(situation: Situation) -> Codes:
    """Return what was launched lately, best sellers first."""
    return _sold_to_all(situation, situation.novelty)


def best_sellers_visited_category(situation: Situation) -> Codes:
    """Return the best sellers of the category that was looked at most."""
    key = situation.favourite_of(situation.visited, situation.category, "touches")
    return look_up(situation.ranked(situation.category, _everything(situation)), key)


def best_sellers_last_visited_category(situation: Situation) -> Codes:
    """Return the best sellers of the category that was looked at last."""
    last = situation.visited.sort_values(["customer", "recency"], kind="stable")
    latest = last.drop_duplicates("customer", keep="last").assign(one=1)
    key = situation.favourite_of(latest, situation.category, "one")
    return look_up(situation.ranked(situation.category, _everything(situation)), key)


def best_sellers_top_category(situation: Situation) -> Codes:
    """Return the best sellers of the category that was bought most often."""
    key = situation.favourite_of(situation.bought, situation.category, "purchases")
    return look_up(situation.ranked(situation.category, _everything(situation)), key)


def best_sellers_visited_brand(situation: Situation) -> Codes:
    """Return the best sellers of the brand that was looked at most."""
    key = situation.favourite_of(situation.visited, situation.brand, "touches")
    return look_up(situation.ranked(situation.brand, _everything(situation)), key)


def novelties_category(situation: Situation) -> Codes:
    """Return the novelties of the category that was bought most often."""
    key = situation.favourite_of(situation.bought, situation.category, "purchases")
    return look_up(situation.ranked(situation.category, situation.novelty), key)


def novelties_brand(situation: Situation) -> Codes:
    """Return the novelties of the brand that was bought most often."""
    key = situation.favourite_of(situation.bought, situation.brand, "purchases")
    return look_up(situation.ranked(situation.brand, situation.novelty), key)


def cross_sell(situation: Situation) -> Codes:
    """Return what customers with the same purchases also bought."""
    baskets = situation.baskets
    alike = likeness(baskets.by_customer)
    alike[:, ~situation.is_shown[baskets.products]] = 0
    return most_alike(
        _bought(situation, situation.bought), alike, baskets.products, situation.depth
    )


def complementary_services(situation: Situation) -> Codes:
    """Return to businesses the contracts that businesses with the same contracts have."""
    baskets = situation.baskets
    is_business = (situation.customers["customer_type"] == "business").to_numpy(bool)
    is_contract = situation.products["repurchase_days"].isna().to_numpy(bool)
    kept = situation.held[
        is_contract[situation.held["product"]] & is_business[situation.held["customer"]]
    ]
    held = _bought(situation, kept)
    alike = likeness(held)
    is_asked = (is_contract & situation.is_shown)[baskets.products]
    alike[:, ~is_asked] = 0
    return most_alike(held, alike, baskets.products, situation.depth)


def _bought(situation: Situation, rows: pd.DataFrame) -> Incidence:
    products = situation.baskets.products
    known = rows[rows["product"].isin(products)]
    columns = np.searchsorted(products, known["product"].to_numpy())
    return incidence(known["customer"].to_numpy(), columns, (situation.count, len(products)))


def bought_next(situation: Situation) -> Codes:
    """Return what is bought after the product that was bought last."""
    products, rules = situation.baskets.products, situation.next_rules
    table = np.full((len(situation.products), situation.depth), NONE, dtype=np.int32)
    shown = rules[rules["position"] <= situation.depth]
    table[products[shown["first"]], shown["position"] - 1] = products[shown["second"]]
    last = situation.bought.sort_values(["customer", "age_days", "product"]).drop_duplicates(
        "customer"
    )
    key = np.full(situation.count, NONE, dtype=np.int32)
    key[last["customer"]] = last["product"]
    return look_up(table, key)


def reminder(situation: Situation) -> Codes:
    """Return consumables that were bought within the year and have run out, the usual ones first."""
    days = situation.products["repurchase_days"].to_numpy(np.float64)[situation.bought["product"]]
    due = situation.bought[situation.bought["age_days"].to_numpy() >= days]
    return own(due, due["purchases"].to_numpy(), situation.count, situation.depth)


def review(situation: Situation) -> Codes:
    """Return what content customers received lately, the latest first: to ask how it is."""
    first, last = situation.review_days
    is_new = situation.bought["age_days"].between(first, last)
    asked = situation.bought[is_new & situation.is_content[situation.bought["customer"]]]
    return own(asked, -asked["age_days"].to_numpy(), situation.count, situation.depth)


def manual(situation: Situation) -> Codes:
    """Return what somebody chose for the customer's stage, in their order."""
    given = np.full((situation.count, situation.depth), NONE, dtype=np.int32)
    stage = situation.customers["lifecycle_stage"].to_numpy()
    for name in np.unique(stage):
        chosen = situation.manual["lifecycle_stage"]
        products = situation.manual.loc[
            chosen.isna() | (chosen == name), "product"
        ].drop_duplicates()
        shown = products.to_numpy(np.int32)[: situation.depth]
        given[stage == name, : len(shown)] = shown
    return given


MAKERS: Mapping[ListName, Callable[[Situation], Codes]] = {
    "manual": manual,
    "complementary_services": complementary_services,
    "reminder": reminder,
    "bought_next": bought_next,
    "cross_sell": cross_sell,
    "best_sellers_last_visited_category": best_sellers_last_visited_category,
    "best_sellers_visited_category": best_sellers_visited_category,
    "best_sellers_visited_brand": best_sellers_visited_brand,
    "best_sellers_top_category": best_sellers_top_category,
    "best_sellers": best_sellers,
    "novelties_brand": novelties_brand,
    "novelties_category": novelties_category,
    "novelties": novelties,
    "review": review,
}

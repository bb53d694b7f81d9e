"""What each list has to give each customer, before anything is barred.

Every list is customers × places of product codes, best first, -1 where it has no more.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from pipeline.foundation.config import ListName
from pipeline.recommendations.associations.baskets import Incidence, incidence
from pipeline.recommendations.coded import Codes
from pipeline.recommendations.lists.assembly import Flags
from pipeline.recommendations.lists.list_inputs import ListInputs
from pipeline.recommendations.lists.ranked import NONE, look_up, own
from pipeline.recommendations.lists.similar import most_alike


def _everything(inputs: ListInputs) -> Flags:
    return np.ones(len(inputs.shelf.products), dtype=bool)


def _sold_to_all(inputs: ListInputs, among: Flags) -> Codes:
    whole = np.zeros(len(inputs.shelf.products), dtype=np.int32)
    table = inputs.shelf.ranked(whole, among)
    return look_up(table, np.zeros(inputs.count, dtype=np.int32))


def best_sellers(inputs: ListInputs) -> Codes:
    """Return what most customers bought lately."""
    return _sold_to_all(inputs, _everything(inputs))


def novelties(inputs: ListInputs) -> Codes:
    """Return what was launched lately, best sellers first."""
    return _sold_to_all(inputs, inputs.shelf.novelty)


def best_sellers_visited_category(inputs: ListInputs) -> Codes:
    """Return the best sellers of the category that was looked at most."""
    key = inputs.favourite_of(inputs.visited, inputs.shelf.category, "touches")
    return look_up(inputs.shelf.ranked(inputs.shelf.category, _everything(inputs)), key)


def best_sellers_last_visited_category(inputs: ListInputs) -> Codes:
    """Return the best sellers of the category that was looked at last."""
    last = inputs.visited.sort_values(["customer", "recency", "touches", "product"])
    latest = last.drop_duplicates("customer", keep="last").assign(one=1)
    key = inputs.favourite_of(latest, inputs.shelf.category, "one")
    return look_up(inputs.shelf.ranked(inputs.shelf.category, _everything(inputs)), key)


def best_sellers_top_category(inputs: ListInputs) -> Codes:
    """Return the best sellers of the category that was bought most often."""
    key = inputs.favourite_of(inputs.bought, inputs.shelf.category, "purchases")
    return look_up(inputs.shelf.ranked(inputs.shelf.category, _everything(inputs)), key)


def best_sellers_visited_brand(inputs: ListInputs) -> Codes:
    """Return the best sellers of the brand that was looked at most."""
    key = inputs.favourite_of(inputs.visited, inputs.shelf.brand, "touches")
    return look_up(inputs.shelf.ranked(inputs.shelf.brand, _everything(inputs)), key)


def novelties_category(inputs: ListInputs) -> Codes:
    """Return the novelties of the category that was bought most often."""
    key = inputs.favourite_of(inputs.bought, inputs.shelf.category, "purchases")
    return look_up(inputs.shelf.ranked(inputs.shelf.category, inputs.shelf.novelty), key)


def novelties_brand(inputs: ListInputs) -> Codes:
    """Return the novelties of the brand that was bought most often."""
    key = inputs.favourite_of(inputs.bought, inputs.shelf.brand, "purchases")
    return look_up(inputs.shelf.ranked(inputs.shelf.brand, inputs.shelf.novelty), key)


def cross_sell(inputs: ListInputs) -> Codes:
    """Return what customers with the same purchases also bought."""
    shelf = inputs.shelf
    return most_alike(_bought(inputs, inputs.bought), shelf.alike, shelf.columns, shelf.depth)


def complementary_services(inputs: ListInputs) -> Codes:
    """Return to businesses the contracts that businesses with the same contracts have."""
    shelf = inputs.shelf
    is_business = (inputs.customers["customer_type"] == "business").to_numpy(bool)
    is_contract = np.isnan(shelf.repurchase_days)
    kept = inputs.held[is_contract[inputs.held["product"]] & is_business[inputs.held["customer"]]]
    return most_alike(_bought(inputs, kept), shelf.contracts_alike, shelf.columns, shelf.depth)


def _bought(inputs: ListInputs, rows: pd.DataFrame) -> Incidence:
    products = inputs.shelf.columns
    known = rows[rows["product"].isin(products)]
    columns = np.searchsorted(products, known["product"].to_numpy())
    return incidence(known["customer"].to_numpy(), columns, (inputs.count, len(products)))


def bought_next(inputs: ListInputs) -> Codes:
    """Return what is bought after the product that was bought last."""
    products, rules = inputs.shelf.columns, inputs.shelf.next_rules
    table = np.full((len(inputs.shelf.products), inputs.shelf.depth), NONE, dtype=np.int32)
    shown = rules[rules["position"] <= inputs.shelf.depth]
    table[products[shown["first"]], shown["position"] - 1] = products[shown["second"]]
    last = inputs.bought.sort_values(["customer", "age_days", "product"]).drop_duplicates(
        "customer"
    )
    key = np.full(inputs.count, NONE, dtype=np.int32)
    key[last["customer"]] = last["product"]
    return look_up(table, key)


def reminder(inputs: ListInputs) -> Codes:
    """Return consumables that were bought within the year and have run out, the usual ones first."""
    days = inputs.shelf.repurchase_days[inputs.bought["product"]]
    due = inputs.bought[inputs.bought["age_days"].to_numpy() >= days]
    return own(due, due["purchases"].to_numpy(), inputs.count, inputs.shelf.depth)


def review(inputs: ListInputs) -> Codes:
    """Return what satisfied customers received lately, the latest first: to ask how it is."""
    first, last = inputs.shelf.review_days
    is_new = inputs.bought["age_days"].between(first, last)
    asked = inputs.bought[is_new & inputs.is_satisfied[inputs.bought["customer"]]]
    return own(asked, -asked["age_days"].to_numpy(), inputs.count, inputs.shelf.depth)


def manual(inputs: ListInputs) -> Codes:
    """Return what somebody chose for the customer's stage, in their order."""
    given = np.full((inputs.count, inputs.shelf.depth), NONE, dtype=np.int32)
    stage = inputs.customers["lifecycle_stage"].to_numpy()
    for name in np.unique(stage):
        chosen = inputs.shelf.manual["lifecycle_stage"]
        products = inputs.shelf.manual.loc[
            chosen.isna() | (chosen == name), "product"
        ].drop_duplicates()
        shown = products.to_numpy(np.int32)[: inputs.shelf.depth]
        given[stage == name, : len(shown)] = shown
    return given


MAKERS: Mapping[ListName, Callable[[ListInputs], Codes]] = {
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

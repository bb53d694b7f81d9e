"""The shelf as the engine counts it: what is popular, and what goes with what."""

from datetime import date

import ibis
import numpy as np
import pandas as pd

from pipeline.foundation.config import RecommendParams
from pipeline.foundation.contracts.tables import NOT_OFFERED
from pipeline.recommendations.associations.association_tables import Associations
from pipeline.recommendations.coded import Coded, Codes
from pipeline.recommendations.lists.assembly import Flags
from pipeline.recommendations.lists.list_inputs import YEAR_DAYS
from pipeline.recommendations.lists.manual_selection import choice
from pipeline.recommendations.lists.shelf import Shelf
from pipeline.recommendations.lists.similar import cosine_similarity
from pipeline.statistics.arrays import Floats, Ints

DEPTH = 15  # candidates of a list: what is left after bars still fills a turn
BEST_SELLER_DAYS = 90


def gather_shelf(
    coded: Coded,
    associations: Associations,
    *,
    manual: pd.DataFrame,
    chosen: RecommendParams,
    as_of_date: date,
) -> Shelf:
    """Gather what all lists have in common.

    Args:
        coded: customers and products known at the as-of date.
        associations: the rules among products.
        manual: the manual selection, as read.
        chosen: the parameters of the lists.
        as_of_date: of the lists.
    """
    products, columns = coded.products, associations.columns
    is_offered = products["is_offered"] & (products["category"] != NOT_OFFERED)
    is_shown = is_offered.to_numpy(bool)
    is_contract = products["repurchase_days"].isna().to_numpy(bool)
    bought_alike = cosine_similarity(associations.counts["same_customer"].both)
    held_alike = cosine_similarity(_held_by_businesses(coded, is_contract, columns))
    return Shelf(
        products=products,
        is_shown=is_shown,
        buyers=_buyers(coded),
        columns=columns,
        alike=np.where(is_shown[columns], bought_alike, 0),
        contracts_alike=np.where((is_contract & is_shown)[columns], held_alike, 0),
        next_rules=associations.best["bought_next"],
        manual=choice(manual, products, chosen.lists),
        as_of_date=pd.Timestamp(as_of_date),
        depth=DEPTH,
        novelty_days=chosen.novelty_days,
        review_days=(chosen.review_from_days, chosen.review_until_days),
    )


def _buyers(coded: Coded) -> Ints:
    """Count the customers, and orders of guests, that had each product in the last days."""
    recent = [
        rows.filter(rows.age_days <= BEST_SELLER_DAYS).select("product")
        for rows in (coded.bought_lately(YEAR_DAYS), coded.guest_purchases)
    ]
    return coded.count(ibis.union(*recent))


def _held_by_businesses(coded: Coded, is_contract: Flags, columns: Codes) -> Floats:
    """Return how many businesses hold both of two contracts among the columns."""
    place = np.full(len(is_contract), -1, dtype=np.int32)
    place[columns] = np.arange(len(columns))
    place[~is_contract] = -1
    places = coded.by_product({"place": place})
    businesses = coded.customers.filter(coded.customers.customer_type == "business")
    held = coded.held.semi_join(businesses, "customer_id").join(places, "product")
    held = held.filter(held.place >= 0)
    first = held.select("customer_id", first=held.place)
    second = held.select("customer_id", second=held.place)
    pairs = first.join(second, "customer_id").group_by("first", "second")
    found = coded.engine.arrow(pairs.aggregate(rows=ibis._.count().cast("int64"))).to_pandas()
    both = np.zeros((len(columns), len(columns)))
    both[found["first"], found["second"]] = found["rows"]
    return both

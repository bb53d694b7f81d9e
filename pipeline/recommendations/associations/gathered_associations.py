"""The associations as the engine counts them, wherever the rows are."""

import ibis
import pandas as pd

from pipeline.foundation.config import RecommendParams
from pipeline.recommendations.associations.association_tables import (
    Associations,
    associate,
    likely_bundles,
    name_bundles,
    readable,
)
from pipeline.recommendations.associations.baskets import most_sold
from pipeline.recommendations.associations.hooks import beginnings
from pipeline.recommendations.associations.pair_counts import bought_by_all, count_pairs
from pipeline.recommendations.associations.penetration import LEVELS, held_sets
from pipeline.recommendations.associations.third_counts import count_thirds
from pipeline.recommendations.coded import Coded


def find_associations(coded: Coded, chosen: RecommendParams) -> Associations:
    """Count the pairs of what was bought, and find the rules among them."""
    sold = ibis.union(coded.purchases.select("product"), coded.guest_purchases.select("product"))
    columns = most_sold(coded.count(sold), chosen.max_products)
    return associate(
        columns,
        count_pairs(coded.engine, bought_by_all(coded), columns),
        coded.products,
        min_count=chosen.min_count,
        per_product=chosen.per_product,
    )


def tell_associations(
    coded: Coded, found: Associations, chosen: RecommendParams
) -> dict[str, pd.DataFrame]:
    """Return the tables for people: rules, bundles, hooks, and who holds what."""
    engine, pairs = coded.engine, likely_bundles(found)
    doubles = {kind: some[["first", "second"]].to_numpy() for kind, some in pairs.items()}
    third = count_thirds(engine, bought_by_all(coded), found.columns, doubles)
    return readable(
        found,
        {level: held_sets(coded, level) for level in LEVELS},
        beginnings(engine, coded.purchases, coded.spend, chosen.hook_days),
        name_bundles(found, pairs, third, chosen.min_count),
        min_count=chosen.min_count,
    )

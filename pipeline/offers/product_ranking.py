"""Products ranked by peer group: shares of what peers take, shrunk from group to wider group.

tv, 3 of 10 take A     everybody          (3 + 30 × 0.50) / (10 + 30) = 0.45
… of them business: 2 of 2 take A         (2 + 30 × 0.45) / (2 + 30)  = 0.48
… in a region where nobody took any       (0 + 30 × 0.48) / (0 + 30)  = 0.48
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.statistics.shrinkage import shrink_rate

PEER_TRAITS = ("customer_type", "price_level", "income_band", "region")
"""What makes customers peers, the widest group first."""
CHOICE_SET = ("model", "category", "held_tier")
LONG_LIST = 10  # products per choice set that are ranked by peer group
PRIOR_CUSTOMERS = 30  # as many customers of the wider group count as the cell's own


def place_prices(products: pd.DataFrame) -> pd.DataFrame:
    """Return where each priced product stands in its category, in thousandths, 0 = cheapest."""
    priced = products[products["price"].notna()]
    groups = priced["price"].astype("float64").groupby(priced["category"])
    others = groups.transform("size") - 1
    place = np.where(others > 0, (groups.rank() - 1) / others.clip(lower=1), 0.5)
    thousandths = np.floor(place * 1000 + 0.5).astype("int64")
    return pd.DataFrame({"product_id": priced["product_id"], "place": thousandths})


def list_options(products: pd.DataFrame) -> pd.DataFrame:
    """Return the products of each choice set: model, category, held_tier, product_id, tier.

    Args:
        products: what is on offer: product_id, category, tier.
    """
    starts = products.assign(model="cross_sell", held_tier=0)
    tiers = pd.DataFrame({"held_tier": range(1, max(products["tier"], default=1))})
    steps = products.merge(tiers, how="cross")
    steps = steps[steps["tier"] > steps["held_tier"]].assign(model="up_sell")
    options = pd.concat([starts, steps])[[*CHOICE_SET, "product_id", "tier"]]
    return options.astype({"held_tier": "int64", "tier": "int64"}).reset_index(drop=True)


def rank_products(taken: pd.DataFrame, options: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Rank the products of each choice set for each peer group, what peers take most first.

    The share of a product in a cell is shrunk to its share in the wider cell, starting from equal
    shares: (taken + prior × wider share) ÷ (all taken + prior). Equal shares go to the lower tier.

    Args:
        taken: CHOICE_SET, product_id, PEER_TRAITS, taken.
        options: CHOICE_SET, product_id, tier.
        cells: PEER_TRAITS of the customers there are.

    Returns:
        CHOICE_SET, PEER_TRAITS, product_id, position from 1.
    """
    sizes = options.groupby(list(CHOICE_SET))["product_id"].transform("size")
    ranked = _shrink(options.assign(share=1 / sizes), taken, [])
    ranked = ranked[_positions(ranked, []) <= LONG_LIST]
    for depth in range(1, len(PEER_TRAITS) + 1):
        like, wider = list(PEER_TRAITS[:depth]), list(PEER_TRAITS[: depth - 1])
        finer = cells[like].drop_duplicates()
        ranked = ranked.merge(finer, on=wider) if wider else ranked.merge(finer, how="cross")
        ranked = _shrink(ranked, taken, like)
    ranked = ranked.assign(position=_positions(ranked, list(PEER_TRAITS)))
    columns = [*CHOICE_SET, *PEER_TRAITS, "product_id", "position"]
    return ranked.sort_values([*CHOICE_SET, *PEER_TRAITS, "position"])[columns].reset_index(
        drop=True
    )


def _shrink(options: pd.DataFrame, taken: pd.DataFrame, like: Sequence[str]) -> pd.DataFrame:
    keys = [*CHOICE_SET, *like]
    counts = taken.groupby([*keys, "product_id"], as_index=False)["taken"].sum()
    found = options.merge(counts, on=[*keys, "product_id"], how="left")
    own = found["taken"].fillna(0.0)
    everything = own.groupby([found[key] for key in keys]).transform("sum")
    share = shrink_rate(own, everything, found["share"], PRIOR_CUSTOMERS)
    return found.drop(columns="taken").assign(share=share)


def _positions(options: pd.DataFrame, like: Sequence[str]) -> pd.Series:
    keys = [*CHOICE_SET, *like]
    order = options.sort_values(
        [*keys, "share", "tier", "product_id"], ascending=[*[True] * len(keys), False, True, True]
    )
    return (order.groupby(keys, sort=False).cumcount() + 1).reindex(options.index)

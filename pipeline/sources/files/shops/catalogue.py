"""Categories and tiers of a shop's products, where the shop has none of its own.

- Category: the shop's; where no product has one, the brand, if there are several; else each of the
  best-selling products is a category of its own. What then has none is `OTHER`: its sales count,
  and nobody is offered it.
- Tier: by price within the category, in as many parts as `shop.tiers` says, equal prices together.
"""

import pandas as pd

from pipeline.foundation.contracts.tables import NOT_OFFERED

BEST_SELLERS = 20
"""Products that are categories of their own, where a shop has neither categories nor brands."""


def with_categories(products: pd.DataFrame, buyers: "pd.Series[int]") -> pd.DataFrame:
    """Return the products with a category each.

    Args:
        products: product_id, name, category and brand, of which any may be empty.
        buyers: customers of each product, by product_id.
    """
    named = products["category"]
    if named.isna().all() and len(products["brand"].dropna().unique()) > 1:
        named = products["brand"]
    elif named.isna().all():
        named = _own_categories(products, buyers)
    return products.assign(category=named.fillna(NOT_OFFERED))


def _own_categories(products: pd.DataFrame, buyers: "pd.Series[int]") -> "pd.Series[str]":
    sold = products.assign(buyers=products["product_id"].map(buyers).fillna(0))
    best = sold.sort_values(["buyers", "product_id"], ascending=[False, True]).head(BEST_SELLERS)
    names = products["name"].fillna(products["product_id"])
    return names.where(products["product_id"].isin(best["product_id"]))


def price_tiers(products: pd.DataFrame, tiers: int) -> "pd.Series[int]":
    """Return in which part of its category's prices a product's lies, from 1, without gaps.

    Equal prices share a tier, so that a category of few prices has fewer tiers. A product without
    a price, and one that is not offered, is in tier 1.

    Args:
        products: category and price_cents.
        tiers: most tiers of a category.
    """
    prices = products["price_cents"].groupby(products["category"])
    cheaper = prices.rank(method="min") - 1
    part = (tiers * cheaper) // prices.transform("count")
    ranked = part.groupby(products["category"]).rank(method="dense").fillna(1)
    return ranked.mask(products["category"] == NOT_OFFERED, 1).astype("int64")

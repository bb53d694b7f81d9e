"""Variants of a product, which a shop sells under ids of their own: they count as their product."""

import re

import pandas as pd

from pipeline.sources.files.shops.amounts import to_cents


def as_products(lines: pd.DataFrame, catalogue: pd.DataFrame | None, key: str) -> pd.DataFrame:
    """Return order lines with product_id, that of the product whose variant was bought.

    Args:
        lines: order lines with `key` and product_name.
        catalogue: `key` and owner, the product of each variant; None where there is no catalogue.
        key: the column by which the shop knows what it sells.
    """
    if catalogue is None:
        return lines.assign(product_id=lines[key])
    owned = lines[key].map(catalogue.drop_duplicates(key).set_index(key)["owner"])
    return lines.assign(
        product_id=owned.fillna(lines[key]),
        product_name=lines["product_name"].mask(owned.notna()),
    )


def own_products(catalogue: pd.DataFrame, key: str, step: str) -> pd.DataFrame:
    """Return one row a product: the last step of its first category; the usual price.

    Args:
        catalogue: `key`, owner, price and categories, such as `Food/Tea,Gifts`.
        key: the column by which the shop knows what it sells.
        step: what stands between the steps of a category.
    """
    usual = to_cents(catalogue["price"]).groupby(catalogue["owner"]).median().round()
    own = catalogue[catalogue["owner"] == catalogue[key]]
    first = own["categories"].str.extract(r"^([^,]+)")[0]
    return own.assign(
        product_id=own[key],
        category=first.str.extract(rf"([^{re.escape(step)}]+)$")[0].str.strip(),
        price_cents=own[key].map(usual),
    )

"""Magento (Adobe Commerce): its order tables, and the admin's exports of products and customers.

The grid of orders that the admin exports has no products, so the tables are read: `sales_order` and
`sales_order_item`, and where they are there `sales_creditmemo` with `sales_creditmemo_item` and
`newsletter_subscriber`. Of an item of several rows (configurable, bundle) the outer one counts.
Amounts are without taxes, after discounts, in the base currency. The database keeps UTC.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.foundation.config import ShopFile, ShopParams
from pipeline.sources.files.shops.amounts import to_cents
from pipeline.sources.files.shops.exports import Export, ExportColumn
from pipeline.sources.files.shops.faults import joined_faults, renamed_faults
from pipeline.sources.files.shops.identity import plain_address
from pipeline.sources.files.shops.moments import MOMENT
from pipeline.sources.files.shops.refunds import less_allowances, refund_moments, returns_of
from pipeline.sources.files.shops.selection import in_one_currency, without
from pipeline.sources.files.shops.shop import (
    ACCOUNT_COLUMNS,
    CONSENT_COLUMNS,
    PRODUCT_COLUMNS,
    Shop,
    shaped,
)
from pipeline.sources.files.shops.variants import as_products, own_products

DIALECT = ShopFile(file="", formats={"signed_up_on": MOMENT})
NEVER_PAID = ("canceled", "pending_payment")
GENDERS = {"1": "male", "2": "female", "Male": "male", "Female": "female"}
SUBSCRIBED, UNSUBSCRIBED = "1", "3"  # 2 and 4 wait for a confirmation: they say nothing

SALES_ORDER = Export(
    "sales_order",
    (
        ExportColumn("order_key", ("entity_id",), required=True),
        ExportColumn("order_id", ("increment_id",), required=True),
        ExportColumn("status", ("state",), required=True),
        ExportColumn("account_id", ("customer_id",)),
        ExportColumn("address", ("customer_email",), required=True),
        ExportColumn("currency", ("base_currency_code",)),
        ExportColumn("occurred_at", ("created_at",), "moment", required=True),
    ),
    key="order_key",
    required=True,
)
SALES_ORDER_ITEM = Export(
    "sales_order_item",
    (
        ExportColumn("line_id", ("item_id",), required=True),
        ExportColumn("order_key", ("order_id",), required=True),
        ExportColumn("parent", ("parent_item_id",), required=True),
        ExportColumn("sku", ("sku",), required=True),
        ExportColumn("product_name", ("name",), required=True),
        ExportColumn("quantity", ("qty_ordered",), "integer", required=True),
        ExportColumn("price", ("base_price",), "number"),
        ExportColumn("total", ("base_row_total",), "number", required=True),
        ExportColumn("discount", ("base_discount_amount",), "number"),
        ExportColumn("refunded_quantity", ("qty_refunded",), "integer"),
        ExportColumn("refunded", ("base_amount_refunded",), "number"),
    ),
    key="line_id",
    required=True,
)
CREDITMEMO = Export(
    "sales_creditmemo",
    (
        ExportColumn("memo_id", ("entity_id",), required=True),
        ExportColumn("order_key", ("order_id",), required=True),
        ExportColumn("returned_at", ("created_at",), "moment", required=True),
    ),
    key="memo_id",
)
CREDITMEMO_ITEM = Export(
    "sales_creditmemo_item",
    (
        ExportColumn("memo_id", ("parent_id",), required=True),
        ExportColumn("line_id", ("order_item_id",), required=True),
        ExportColumn("returned_pieces", ("qty",), "integer", required=True),
        ExportColumn("returned", ("base_row_total",), "number", required=True),
        ExportColumn("returned_discount", ("base_discount_amount",), "number"),
    ),
    key="memo_id",
)
CUSTOMERS = Export(
    "customers",
    (
        ExportColumn("account_id", ("entity_id",)),
        ExportColumn("address", ("email",), required=True),
        ExportColumn("website", ("_website", "website_id"), required=True),
        ExportColumn("signed_up_on", ("created_at",), "date", required=True),
        ExportColumn("birth_date", ("dob",), "date"),
        ExportColumn("gender", ("gender",)),
    ),
    key="address",
)
PRODUCTS = Export(
    "products",
    (
        ExportColumn("sku", ("sku",), required=True),
        ExportColumn("store_view", ("store_view_code",), required=True),
        ExportColumn("name", ("name",), required=True),
        ExportColumn("categories", ("categories",), required=True),
        ExportColumn("price", ("price",), "number"),
        ExportColumn("variations", ("configurable_variations",)),
    ),
    key="sku",
)
SUBSCRIBERS = Export(
    "newsletter_subscriber",
    (
        ExportColumn("address", ("subscriber_email",), required=True),
        ExportColumn("status", ("subscriber_status",), required=True),
        ExportColumn("changed_at", ("change_status_at",), "moment"),
    ),
    key="address",
)
EXPORTS = (
    SALES_ORDER,
    SALES_ORDER_ITEM,
    CREDITMEMO,
    CREDITMEMO_ITEM,
    CUSTOMERS,
    PRODUCTS,
    SUBSCRIBERS,
)


def exports(_: ShopParams) -> Sequence[Export]:
    """Return the kinds of file that are read."""
    return EXPORTS


def translate(found: Mapping[str, pd.DataFrame], params: ShopParams) -> Shop:
    """Return the shop that the tables and exports tell of."""
    ordered, foreign = in_one_currency(
        _lines(found["sales_order_item"], found["sales_order"]), params.currency
    )
    paid, unpaid = without(ordered, ordered["status"].isin(NEVER_PAID), "that were never paid")
    catalogue = _catalogue(found["products"]) if "products" in found else None
    bought = as_products(paid, catalogue, "sku")
    dated = _refunds(bought, found, params.refund_days)
    money = dated[dated["returned_pieces"].fillna(0) == 0].groupby("line")["returned_cents"].sum()
    lines = pd.concat([less_allowances(bought, money), returns_of(dated)], ignore_index=True)
    accounts = _accounts(found["customers"], ordered) if "customers" in found else pd.DataFrame()
    return Shop(
        lines.assign(unparsed=renamed_faults(lines["unparsed"], {"total": "amount"})),
        shaped(accounts, ACCOUNT_COLUMNS),
        shaped(
            pd.DataFrame() if catalogue is None else own_products(catalogue, "sku", "/"),
            PRODUCT_COLUMNS,
        ),
        shaped(_consents(found), CONSENT_COLUMNS),
        (*foreign, *unpaid),
    )


def _lines(items: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    outer = items[items["parent"].isna()]
    rows = outer.merge(orders, on="order_key", suffixes=("", "_of_order"))
    rows = rows.sort_values(["order_id", "line_id"], ignore_index=True)
    total, discount = to_cents(rows["total"]), to_cents(rows["discount"].fillna(0).abs())
    return rows.assign(
        kind="acquired",
        address=plain_address(rows["address"]),
        price_cents=to_cents(rows["price"]),
        amount_cents=(total - discount).clip(lower=0),
        discount_cents=discount,
        unparsed=joined_faults(rows["unparsed"], rows["unparsed_of_order"]),
    )


def _refunds(lines: pd.DataFrame, found: Mapping[str, pd.DataFrame], days: int) -> pd.DataFrame:
    """Return refunds with their lines; without credit memos, from what the lines count."""
    numbered = lines.assign(line=lines.index)
    if not {"sales_creditmemo", "sales_creditmemo_item"} <= found.keys():
        moments = refund_moments(lines["occurred_at"], days, lines["occurred_at"].max())
        return numbered.assign(
            returned_pieces=lines["refunded_quantity"],
            returned_cents=to_cents(lines["refunded"]),
            returned_at=moments,
        )
    when = found["sales_creditmemo"].set_index("memo_id")["returned_at"]
    items = found["sales_creditmemo_item"]
    net = to_cents(items["returned"]) - to_cents(items["returned_discount"].fillna(0).abs())
    given = items.assign(returned_at=items["memo_id"].map(when), returned_cents=net)
    columns = ["line_id", "returned_pieces", "returned_cents", "returned_at"]
    return numbered.merge(given[columns], on="line_id")


def _accounts(rows: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts; the customers export has no id, so the orders of an address tell it."""
    signed_in = orders.dropna(subset=["account_id", "address"]).sort_values("order_id")
    by_address = signed_in.drop_duplicates("address").set_index("address")["account_id"]
    address = plain_address(rows["address"])
    return rows.assign(
        address=address,
        account_id=rows["account_id"].fillna(address.map(by_address)),
        gender=rows["gender"].map(GENDERS),
    )


def _catalogue(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the default store view's rows with the SKU that each is a variation of, or its own."""
    default = rows[rows["store_view"].isna()]
    listed = default.dropna(subset=["variations"])
    skus = listed["variations"].str.extractall(r"(?:^|\|)sku=([^,|]+)")[0]
    owners = listed["sku"].loc[skus.index.get_level_values(0)].set_axis(skus.to_numpy())
    owner = default["sku"].map(owners[~owners.index.duplicated()])
    return default.assign(owner=owner.fillna(default["sku"]))


def _consents(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    if "newsletter_subscriber" not in found:
        return pd.DataFrame()
    rows = found["newsletter_subscriber"]
    said = rows[rows["status"].isin([SUBSCRIBED, UNSUBSCRIBED])]
    return said.assign(
        address=plain_address(said["address"]),
        channel="email",
        granted=said["status"] == SUBSCRIBED,
    )

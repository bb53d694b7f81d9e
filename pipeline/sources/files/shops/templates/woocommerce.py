"""WooCommerce: `Customer / Order / Coupon Export`, one row per item, and the core's product export.

An item's total is after discounts and without taxes. Refunds are known by item, with their sum and
pieces; their date is that of the order's newest refund in the column `refunds`, else
`shop.refund_days` after the order. Times are the shop's own (`shop.timezone`).
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.foundation.config import ShopFile, ShopParams
from pipeline.sources.files.shops.amounts import to_cents
from pipeline.sources.files.shops.exports import Export, ExportColumn
from pipeline.sources.files.shops.faults import renamed_faults
from pipeline.sources.files.shops.identity import plain_address
from pipeline.sources.files.shops.moments import MOMENT, read_moments
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
NEVER_PAID = ("pending", "failed", "cancelled", "checkout-draft", "trash")
_REFUND_DATE = r"date:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"
_NOBODY = "0"  # the account of a guest

ORDERS = Export(
    "orders",
    (
        ExportColumn("order_id", ("order_id",), required=True),
        ExportColumn("occurred_at", ("order_date", "date"), "moment", required=True),
        ExportColumn("status", ("status",), required=True),
        ExportColumn("currency", ("order_currency",)),
        ExportColumn("account_id", ("customer_id",)),
        ExportColumn("address", ("billing_email",)),
        ExportColumn("phone", ("billing_phone",)),
        ExportColumn("region", ("billing_state_code", "billing_state")),
        ExportColumn("country", ("billing_country",)),
        ExportColumn("product_id", ("item_product_id",)),
        ExportColumn("product_name", ("item_name",), required=True),
        ExportColumn("sku", ("item_sku",)),
        ExportColumn("quantity", ("item_quantity",), "integer", required=True),
        ExportColumn("subtotal", ("item_subtotal",), "number"),
        ExportColumn("total", ("item_total",), "number", required=True),
        ExportColumn("refunded", ("item_refunded",), "number"),
        ExportColumn("refunded_quantity", ("item_refunded_qty",), "integer"),
        ExportColumn("refunds", ("refunds",)),
    ),
    key="order_id",
    required=True,
)
CUSTOMERS = Export(
    "customers",
    (
        ExportColumn("account_id", ("customer_id",), required=True),
        ExportColumn("address", ("email",), required=True),
        ExportColumn("signed_up_on", ("date_registered",), "date", required=True),
        ExportColumn("phone", ("billing_phone",)),
        ExportColumn("region", ("billing_state_code", "billing_state")),
        ExportColumn("country", ("billing_country",)),
    ),
    key="account_id",
)
PRODUCTS = Export(
    "products",
    (
        ExportColumn("product_id", ("ID",), required=True),
        ExportColumn("type", ("Type",), required=True),
        ExportColumn("sku", ("SKU",)),
        ExportColumn("name", ("Name",), required=True),
        ExportColumn("price", ("Regular price",), "number", required=True),
        ExportColumn("categories", ("Categories",)),
        ExportColumn("parent", ("Parent",)),
        ExportColumn("brand", ("Brands",)),
    ),
    key="product_id",
)


def exports(_: ShopParams) -> Sequence[Export]:
    """Return the kinds of file that are read."""
    return ORDERS, CUSTOMERS, PRODUCTS


def translate(found: Mapping[str, pd.DataFrame], params: ShopParams) -> Shop:
    """Return the shop that the exports tell of."""
    orders, foreign = in_one_currency(_items(found["orders"]), params.currency)
    paid, unpaid = without(orders, orders["status"].isin(NEVER_PAID), "that were never paid")
    catalogue = _catalogue(found["products"]) if "products" in found else None
    bought = _with_refunds(as_products(paid, catalogue, "product_id"), params).assign(
        kind="acquired"
    )
    sums = bought["returned_cents"].where(bought["returned_pieces"] == 0)
    lines = pd.concat([less_allowances(bought, sums), returns_of(bought)], ignore_index=True)
    accounts = found["customers"] if "customers" in found else pd.DataFrame()
    return Shop(
        lines.assign(unparsed=renamed_faults(lines["unparsed"], {"total": "amount"})),
        shaped(accounts if accounts.empty else _accounts(accounts), ACCOUNT_COLUMNS),
        shaped(
            pd.DataFrame() if catalogue is None else own_products(catalogue, "product_id", ">"),
            PRODUCT_COLUMNS,
        ),
        shaped(pd.DataFrame(), CONSENT_COLUMNS),
        (*foreign, *unpaid),
    )


def _items(rows: pd.DataFrame) -> pd.DataFrame:
    total = to_cents(rows["total"])
    gross = to_cents(rows["subtotal"])
    return rows.assign(
        account_id=rows["account_id"].mask(rows["account_id"] == _NOBODY),
        address=plain_address(rows["address"]),
        status=rows["status"].str.removeprefix("wc-"),
        product_id=rows["product_id"].fillna(rows["sku"]),
        price_cents=(gross.fillna(total) / rows["quantity"].astype("float64")).round(),
        amount_cents=total,
        discount_cents=(gross - total).clip(lower=0),
    )


def _with_refunds(lines: pd.DataFrame, params: ShopParams) -> pd.DataFrame:
    """Return the lines with what came back of each, all of it where the order was refunded."""
    is_whole = lines["status"] == "refunded"
    pieces = lines["refunded_quantity"].abs().fillna(0).where(~is_whole, lines["quantity"])
    latest = lines["occurred_at"].max()
    undated = refund_moments(lines["occurred_at"], params.refund_days, latest)
    return lines.assign(
        returned_pieces=pieces,
        returned_cents=to_cents(lines["refunded"].abs()),
        returned_at=_refund_dates(lines["refunds"], params.timezone).fillna(undated),
    )


def _refund_dates(refunds: "pd.Series[str]", timezone: str) -> "pd.Series[pd.Timestamp]":
    """Return the newest date that the order's refunds bear, in UTC."""
    dates = refunds.astype("str").str.extractall(_REFUND_DATE)[0]
    return read_moments(dates, timezone).groupby(level=0).max().reindex(refunds.index)


def _accounts(rows: pd.DataFrame) -> pd.DataFrame:
    known = rows[rows["account_id"] != _NOBODY]
    return known.assign(address=plain_address(known["address"]))


def _catalogue(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the catalogue with the product that each row belongs to: a variation's parent."""
    by_sku = rows.dropna(subset=["sku"]).drop_duplicates("sku").set_index("sku")["product_id"]
    parent = rows["parent"].str.removeprefix("id:")
    is_id = rows["parent"].str.startswith("id:").fillna(value=False).astype(bool)
    owner = parent.where(is_id, rows["parent"].map(by_sku))
    return rows.assign(owner=owner.fillna(rows["product_id"]))

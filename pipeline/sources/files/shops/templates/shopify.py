"""Shopify: the admin's CSV exports of orders, customers and products.

Orders have a row for each line item; what concerns the order stands on its first row only. The
export dates no refund and names no product that came back (`refunds` says what is made of it).
Amounts are the order's subtotal, after all discounts and as the shop shows its prices, with or
without taxes; shipping and taxes that are added do not count. A product is what the products export
has under one handle, whatever its variant; without that export, each SKU.
"""

import hashlib
from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.foundation.config import ShopFile, ShopParams
from pipeline.sources.files.shops.amounts import divide, to_cents
from pipeline.sources.files.shops.exports import Export, ExportColumn
from pipeline.sources.files.shops.faults import renamed_faults
from pipeline.sources.files.shops.identity import plain_address
from pipeline.sources.files.shops.refunds import lowered_prices, refund_moments, returned_pieces
from pipeline.sources.files.shops.selection import in_one_currency, without
from pipeline.sources.files.shops.shop import (
    ACCOUNT_COLUMNS,
    CONSENT_COLUMNS,
    PRODUCT_COLUMNS,
    Shop,
    shaped,
)

DIALECT = ShopFile(file="", moment_format="%Y-%m-%d %H:%M:%S %z")
NEVER_PAID = ("voided", "expired")
NO_OPTIONS = "Default Title"
CHANNELS = {"pos": "store"}

_ORDER = (
    ExportColumn("address", ("Email",)),
    ExportColumn("status", ("Financial Status",), required=True),
    ExportColumn("currency", ("Currency",)),
    ExportColumn("subtotal", ("Subtotal",), "number"),
    ExportColumn("shipping", ("Shipping",), "number"),
    ExportColumn("taxes", ("Taxes",), "number"),
    ExportColumn("total", ("Total",), "number"),
    ExportColumn("accepts_marketing", ("Accepts Marketing",), "flag"),
    ExportColumn("occurred_at", ("Created at",), "moment", required=True),
    ExportColumn("cancelled_at", ("Cancelled at",), "moment"),
    ExportColumn("refunded", ("Refunded Amount",), "number"),
    ExportColumn("region", ("Shipping Province", "Billing Province")),
    ExportColumn("country", ("Billing Country", "Shipping Country")),
    ExportColumn("phone", ("Phone", "Billing Phone", "Shipping Phone")),
    ExportColumn("channel", ("Source",)),
)
ORDERS = Export(
    "orders",
    (
        ExportColumn("order_id", ("Name",), required=True),
        *_ORDER,
        ExportColumn("quantity", ("Lineitem quantity",), "integer", required=True),
        ExportColumn("product_name", ("Lineitem name",), required=True),
        ExportColumn("price", ("Lineitem price",), "number", required=True),
        ExportColumn("sku", ("Lineitem sku",)),
        ExportColumn("line_discount", ("Lineitem discount",), "number"),
        ExportColumn("brand", ("Vendor",)),
    ),
    key="order_id",
    required=True,
)
CUSTOMERS = Export(
    "customers",
    (
        ExportColumn("account_id", ("Customer ID",)),
        ExportColumn("address", ("Email",), required=True),
        ExportColumn("accepts_email", ("Accepts Email Marketing", "Accepts Marketing"), "flag"),
        ExportColumn("accepts_sms", ("Accepts SMS Marketing",), "flag"),
        ExportColumn("region", ("Default Address Province Code", "Province Code", "Province")),
        ExportColumn("country", ("Default Address Country Code", "Country Code", "Country")),
        ExportColumn("phone", ("Phone", "Default Address Phone")),
        ExportColumn("total_spent", ("Total Spent",), required=True),
    ),
    key="address",
)
PRODUCTS = Export(
    "products",
    (
        ExportColumn("product_id", ("Handle",), required=True),
        ExportColumn("name", ("Title",), required=True),
        ExportColumn("brand", ("Vendor",)),
        ExportColumn("taxonomy", ("Product Category",)),
        ExportColumn("type", ("Type", "Custom Product Type")),
        ExportColumn("option1", ("Option1 Value",)),
        ExportColumn("option2", ("Option2 Value",)),
        ExportColumn("option3", ("Option3 Value",)),
        ExportColumn("sku", ("Variant SKU",)),
        ExportColumn("price", ("Variant Price",), "number", required=True),
        ExportColumn("cost", ("Cost per item",), "number"),
    ),
    key="product_id",
)


def exports(_: ShopParams) -> Sequence[Export]:
    """Return the kinds of file that are read."""
    return ORDERS, CUSTOMERS, PRODUCTS


def translate(found: Mapping[str, pd.DataFrame], params: ShopParams) -> Shop:
    """Return the shop that the exports tell of."""
    orders, foreign = in_one_currency(_whole_orders(found["orders"]), params.currency)
    paid, unpaid = without(orders, orders["status"].isin(NEVER_PAID), "that were never paid")
    variants = _variants(found["products"]) if "products" in found else None
    bought = _with_products(_amounts(paid), variants)
    lines = pd.concat(
        [lowered_prices(bought).assign(kind="acquired"), _returns(bought, params.refund_days)],
        ignore_index=True,
    )
    accounts = _accounts(found["customers"]) if "customers" in found else pd.DataFrame()
    return Shop(
        lines.assign(unparsed=renamed_faults(lines["unparsed"], {"price": "amount"})),
        shaped(accounts, ACCOUNT_COLUMNS),
        shaped(pd.DataFrame() if variants is None else _products(variants), PRODUCT_COLUMNS),
        shaped(_consents(accounts, orders), CONSENT_COLUMNS),
        (*foreign, *unpaid),
    )


def _whole_orders(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the line items with what stands on the first row of their order only."""
    names = [column.name for column in _ORDER]
    of_order = rows.groupby("order_id")[names].transform("first").astype(rows.dtypes[names])
    whole = rows.assign(**{name: of_order[name] for name in names})
    keys = ["order_id", "sku", "product_name", "price", "quantity"]
    return whole.assign(
        address=plain_address(whole["address"]),
        phone=whole["phone"].str.lstrip("'"),
        channel=whole["channel"].replace(CHANNELS),
    ).sort_values(keys, ignore_index=True)


def _amounts(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the lines with what was paid for each, in cents; they add up to the subtotal."""
    prices = to_cents(orders["price"])
    quantity = orders["quantity"].astype("float64")
    gross = prices * quantity
    weights = (gross - to_cents(orders["line_discount"].fillna(0))).clip(lower=0)
    subtotal = to_cents(orders["subtotal"])
    by_order = orders["order_id"]
    is_known = subtotal.notna() & weights.notna().groupby(by_order).transform("all")
    paid = divide(subtotal.fillna(0), weights.fillna(0), by_order).where(is_known, weights)
    return orders.assign(
        price_cents=prices,
        amount_cents=paid,
        discount_cents=(gross - paid).clip(lower=0),
        refunded_cents=_refunded_goods(orders),
        is_returned=_is_returned(orders),
    )


def _refunded_goods(orders: pd.DataFrame) -> "pd.Series[float]":
    """Return what was refunded for goods: without the taxes, where the shop adds them."""
    refunded, subtotal, taxes = (
        to_cents(orders[name].fillna(0)) for name in ("refunded", "subtotal", "taxes")
    )
    total = to_cents(orders["subtotal"] + orders["shipping"].fillna(0) + orders["taxes"])
    is_added = (taxes > 0) & ((total - to_cents(orders["total"])).abs() <= 1)
    goods = (refunded * subtotal / (subtotal + taxes).where(lambda whole: whole > 0)).round()
    return goods.where(is_added, refunded)


def _is_returned(orders: pd.DataFrame) -> "pd.Series[bool]":
    everything = to_cents(orders["refunded"]) >= to_cents(orders["subtotal"]).where(
        orders["subtotal"] > 0
    )
    return (orders["status"] == "refunded") | orders["cancelled_at"].notna() | everything


def _returns(lines: pd.DataFrame, days: int) -> pd.DataFrame:
    came_back = returned_pieces(lines)
    moments = refund_moments(came_back["occurred_at"], days, lines["occurred_at"].max())
    return came_back.assign(
        kind="returned",
        discount_cents=float("nan"),
        occurred_at=came_back["cancelled_at"].fillna(moments),
    )


def _variants(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the catalogue's variants with what stands on the first row of their product."""
    names = ["name", "brand", "taxonomy", "type"]
    of_product = rows.groupby("product_id")[names].transform("first").astype("str")
    whole = rows.assign(**{name: of_product[name] for name in names})
    return whole[whole["price"].notna()]  # other rows hold further pictures


def _with_products(lines: pd.DataFrame, variants: pd.DataFrame | None) -> pd.DataFrame:
    """Return the lines with `product_id`: the handle of the SKU or name, else the SKU or name."""
    own = lines["sku"].fillna(lines["product_name"].map(_name_id, na_action="ignore"))
    if variants is None:
        return lines.assign(product_id=own)
    by_sku = variants.dropna(subset=["sku"]).drop_duplicates("sku").set_index("sku")["product_id"]
    named = variants.assign(full=_full_names(variants)).drop_duplicates("full").set_index("full")
    handle = lines["sku"].map(by_sku).fillna(lines["product_name"].map(named["product_id"]))
    is_listed = handle.notna()
    return lines.assign(
        product_id=handle.fillna(own), product_name=lines["product_name"].mask(is_listed)
    )


def _name_id(name: str) -> str:
    return f"n-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _full_names(variants: pd.DataFrame) -> "pd.Series[str]":
    """Return the names as line items bear them: `Title - Option / Option`."""
    options = variants[["option1", "option2", "option3"]]
    joined = options["option1"].str.cat(options["option2"].radd(" / ").fillna(""), na_rep="")
    joined = joined.str.cat(options["option3"].radd(" / ").fillna(""), na_rep="")
    suffix = joined.where(joined.isin(["", NO_OPTIONS]), " - " + joined)
    return variants["name"] + suffix.mask(joined.isin(["", NO_OPTIONS]), "")


def _products(variants: pd.DataFrame) -> pd.DataFrame:
    """Return one row a product: its type, else the end of its taxonomy; its usual price."""
    by_product = variants.assign(
        price_cents=to_cents(variants["price"]), cost_cents=to_cents(variants["cost"])
    ).groupby("product_id")
    first = by_product[["name", "brand", "taxonomy", "type"]].first().astype("str")
    leaf = first["taxonomy"].str.extract(r"([^>]+)$")[0].str.strip()
    usual = by_product[["price_cents", "cost_cents"]].median().round()
    return first.assign(category=first["type"].fillna(leaf)).join(usual).reset_index()


def _accounts(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        account_id=rows["account_id"].str.lstrip("'"),
        address=plain_address(rows["address"]),
        phone=rows["phone"].str.lstrip("'"),
    )


def _consents(accounts: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Return what the customers export says today; of those not in it, what their orders say."""
    if accounts.empty:
        listed = pd.DataFrame(columns=list(CONSENT_COLUMNS))
    else:
        by_channel = {"email": "accepts_email", "sms": "accepts_sms"}
        listed = pd.concat(
            [
                accounts.assign(channel=channel, granted=accounts[name])
                for channel, name in by_channel.items()
            ]
        )
    asked = orders.drop_duplicates("order_id").dropna(subset=["address", "accepts_marketing"])
    of_guests = asked[~asked["address"].isin(listed["address"])]
    said = of_guests.assign(
        channel="email",
        granted=of_guests["accepts_marketing"],
        changed_at=of_guests["occurred_at"],
    )
    return pd.concat([shaped(listed, CONSENT_COLUMNS), shaped(said, CONSENT_COLUMNS)])

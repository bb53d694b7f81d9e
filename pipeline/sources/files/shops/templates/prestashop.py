"""PrestaShop: its tables as the SQL manager exports them, one file a table.

The list of orders that the back office exports has no products, so the tables are read: `orders`
and `order_detail`, and where they are there `order_slip` with `order_slip_detail`, `customer`,
`product`, `product_lang` and `category_lang`. Amounts are without taxes, in the shop's own currency
(divided by the order's conversion rate), less the order's vouchers. An order counts that PrestaShop
holds for valid, or that a credit slip says was paid. Times are the shop's own (`shop.timezone`).
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.foundation.config import ShopFile, ShopParams
from pipeline.sources.files.shops.amounts import divide, to_cents
from pipeline.sources.files.shops.exports import Export, ExportColumn
from pipeline.sources.files.shops.faults import joined_faults, renamed_faults
from pipeline.sources.files.shops.identity import plain_address
from pipeline.sources.files.shops.moments import MOMENT, read_moments
from pipeline.sources.files.shops.refunds import less_allowances, refund_moments, returns_of
from pipeline.sources.files.shops.selection import without
from pipeline.sources.files.shops.shop import (
    ACCOUNT_COLUMNS,
    CONSENT_COLUMNS,
    PRODUCT_COLUMNS,
    Shop,
    shaped,
)

DIALECT = ShopFile(file="", delimiter=";", formats={"signed_up_on": MOMENT, "launched_on": MOMENT})
GENDERS = {"1": "male", "2": "female"}
_NEVER = "0000-00-00"

ORDERS = Export(
    "orders",
    (
        ExportColumn("order_id", ("id_order",), required=True),
        ExportColumn("account_id", ("id_customer",), required=True),
        ExportColumn("occurred_at", ("date_add",), "moment", required=True),
        ExportColumn("is_valid", ("valid",), "flag", required=True),
        ExportColumn("rate", ("conversion_rate",), "number", required=True),
        ExportColumn("vouchers", ("total_discounts_tax_excl",), "number"),
    ),
    key="order_id",
    required=True,
)
ORDER_DETAIL = Export(
    "order_detail",
    (
        ExportColumn("line_id", ("id_order_detail",), required=True),
        ExportColumn("order_id", ("id_order",), required=True),
        ExportColumn("product_id", ("product_id",), required=True),
        ExportColumn("product_name", ("product_name",), required=True),
        ExportColumn("quantity", ("product_quantity",), "integer", required=True),
        ExportColumn("price", ("product_price",), "number"),
        ExportColumn("total", ("total_price_tax_excl",), "number", required=True),
        ExportColumn("refunded_quantity", ("product_quantity_refunded",), "integer"),
        ExportColumn("sent_back_quantity", ("product_quantity_return",), "integer"),
    ),
    key="line_id",
    required=True,
)
ORDER_SLIP = Export(
    "order_slip",
    (
        ExportColumn("slip_id", ("id_order_slip",), required=True),
        ExportColumn("order_id", ("id_order",), required=True),
        ExportColumn("returned_at", ("date_add",), "moment", required=True),
    ),
    key="slip_id",
)
ORDER_SLIP_DETAIL = Export(
    "order_slip_detail",
    (
        ExportColumn("slip_id", ("id_order_slip",), required=True),
        ExportColumn("line_id", ("id_order_detail",), required=True),
        ExportColumn("returned_pieces", ("product_quantity",), "integer", required=True),
        ExportColumn("returned", ("amount_tax_excl", "total_price_tax_excl"), "number"),
    ),
    key="slip_id",
)
CUSTOMER = Export(
    "customer",
    (
        ExportColumn("account_id", ("id_customer",), required=True),
        ExportColumn("address", ("email",), required=True),
        ExportColumn("signed_up_on", ("date_add",), "date", required=True),
        ExportColumn("gender", ("id_gender",)),
        ExportColumn("birth_date", ("birthday",)),
        ExportColumn("is_guest", ("is_guest",), "flag"),
        ExportColumn("granted", ("newsletter",), "flag"),
        ExportColumn("changed_at", ("newsletter_date_add",)),
    ),
    key="account_id",
)
PRODUCT = Export(
    "product",
    (
        ExportColumn("product_id", ("id_product",), required=True),
        ExportColumn("category_id", ("id_category_default",), required=True),
        ExportColumn("price", ("price",), "number", required=True),
        ExportColumn("cost", ("wholesale_price",), "number"),
        ExportColumn("launched_on", ("date_add",), "date"),
    ),
    key="product_id",
)
PRODUCT_LANG = Export(
    "product_lang",
    (
        ExportColumn("product_id", ("id_product",), required=True),
        ExportColumn("language", ("id_lang",), "integer", required=True),
        ExportColumn("name", ("name",), required=True),
    ),
    key="product_id",
)
CATEGORY_LANG = Export(
    "category_lang",
    (
        ExportColumn("category_id", ("id_category",), required=True),
        ExportColumn("language", ("id_lang",), "integer", required=True),
        ExportColumn("category", ("name",), required=True),
    ),
    key="category_id",
)
EXPORTS = (
    ORDERS,
    ORDER_DETAIL,
    ORDER_SLIP,
    ORDER_SLIP_DETAIL,
    CUSTOMER,
    PRODUCT,
    PRODUCT_LANG,
    CATEGORY_LANG,
)


def exports(_: ShopParams) -> Sequence[Export]:
    """Return the tables that are read."""
    return EXPORTS


def translate(found: Mapping[str, pd.DataFrame], params: ShopParams) -> Shop:
    """Return the shop that the tables tell of."""
    slips = _slips(found)
    ordered = _lines(found["order_detail"], found["orders"])
    unpaid = ~ordered["is_valid"].fillna(value=False) & ~ordered["line_id"].isin(slips["line_id"])
    bought, left_out = without(ordered, unpaid, "that were never paid")
    dated = _refunds(bought, slips, params.refund_days)
    money = dated[dated["returned_pieces"].fillna(0) == 0].groupby("line")["returned_cents"].sum()
    lines = pd.concat([less_allowances(bought, money), returns_of(dated)], ignore_index=True)
    accounts = pd.DataFrame()
    if "customer" in found:
        accounts = _accounts(found["customer"], params.timezone)
    return Shop(
        lines.assign(unparsed=renamed_faults(lines["unparsed"], {"total": "amount"})),
        shaped(accounts, ACCOUNT_COLUMNS),
        shaped(_products(found), PRODUCT_COLUMNS),
        shaped(accounts.assign(channel="email"), CONSENT_COLUMNS),
        left_out,
    )


def _lines(details: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    rows = details.merge(orders, on="order_id", suffixes=("", "_of_order"))
    rows = rows.sort_values(["order_id", "line_id"], ignore_index=True)
    rate = rows["rate"].where(rows["rate"] > 0, 1)
    total = to_cents(rows["total"] / rate)
    vouchers = to_cents(rows["vouchers"].fillna(0) / rate)
    whole = total.groupby(rows["order_id"]).transform("sum")
    taken_off = divide(vouchers.clip(upper=whole), total.fillna(0), rows["order_id"])
    prices = to_cents(rows["price"] / rate)
    gross = prices * rows["quantity"].astype("float64")
    return rows.assign(
        kind="acquired",
        price_cents=prices,
        amount_cents=total - taken_off,
        discount_cents=(gross - total + taken_off).clip(lower=0),
        unparsed=joined_faults(rows["unparsed"], rows["unparsed_of_order"]),
    )


def _slips(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what every credit slip gives back: line_id, pieces, amount, when."""
    if not {"order_slip", "order_slip_detail"} <= found.keys():
        return pd.DataFrame(columns=["line_id", "returned_pieces", "returned", "returned_at"])
    when = found["order_slip"].set_index("slip_id")["returned_at"]
    details = found["order_slip_detail"]
    return details.assign(returned_at=details["slip_id"].map(when))


def _refunds(lines: pd.DataFrame, slips: pd.DataFrame, days: int) -> pd.DataFrame:
    """Return refunds with their lines; without credit slips, from the pieces that lines count."""
    if slips.empty:
        counted = lines[["refunded_quantity", "sent_back_quantity"]].max(axis="columns")
        moments = refund_moments(lines["occurred_at"], days, lines["occurred_at"].max())
        return lines.assign(
            line=lines.index,
            returned_pieces=counted,
            returned_cents=float("nan"),
            returned_at=moments,
        )
    numbered = lines.assign(line=lines.index)
    columns = ["line_id", "returned_pieces", "returned", "returned_at"]
    given = numbered.merge(slips[columns], on="line_id")
    rate = given["rate"].where(given["rate"] > 0, 1)
    return given.assign(returned_cents=to_cents(given["returned"] / rate))


def _accounts(rows: pd.DataFrame, timezone: str) -> pd.DataFrame:
    asked_at = read_moments(rows["changed_at"], timezone)
    born = rows["birth_date"].mask(rows["birth_date"] == _NEVER)
    return rows.assign(
        address=plain_address(rows["address"]),
        gender=rows["gender"].map(GENDERS),
        birth_date=born,
        changed_at=asked_at.where(rows["granted"].fillna(value=False).astype(bool)),
    )


def _products(found: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    if "product" not in found:
        return pd.DataFrame()
    rows = found["product"]
    return rows.assign(
        name=rows["product_id"].map(_texts(found, "product_lang", "product_id", "name")),
        category=rows["category_id"].map(_texts(found, "category_lang", "category_id", "category")),
        price_cents=to_cents(rows["price"]),
        cost_cents=to_cents(rows["cost"]).where(rows["cost"] > 0),
    )


def _texts(found: Mapping[str, pd.DataFrame], export: str, key: str, text: str) -> "pd.Series[str]":
    """Return the text of each key, in the shop's first language."""
    if export not in found:
        return pd.Series(dtype="str")
    ordered = found[export].sort_values([key, "language", text])
    return ordered.drop_duplicates(key).set_index(key)[text]

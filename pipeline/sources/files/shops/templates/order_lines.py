"""One flat file with a row for each line of an order: all three tables are built of it.

`source.files.shop.columns` says which of the file's columns is which; without it the file bears the
names below. What came back is a row of a negative quantity or amount, or of a `kind` returned. The
amount is that of the line, after discounts; without it, price × quantity less the discount.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.foundation.config import ShopFile, ShopParams
from pipeline.foundation.contracts.columns import ColumnType
from pipeline.foundation.errors import unknown_name
from pipeline.sources.files.shops.amounts import to_cents
from pipeline.sources.files.shops.exports import Export, ExportColumn
from pipeline.sources.files.shops.faults import renamed_faults
from pipeline.sources.files.shops.identity import plain_address
from pipeline.sources.files.shops.selection import in_one_currency
from pipeline.sources.files.shops.shop import (
    ACCOUNT_COLUMNS,
    CONSENT_COLUMNS,
    PRODUCT_COLUMNS,
    Shop,
    shaped,
)

DIALECT = ShopFile(file="")
REQUIRED = ("order_id", "occurred_at", "product_id")
COLUMNS: Mapping[str, ColumnType] = {
    "order_id": "text",
    "occurred_at": "moment",
    "customer_id": "text",
    "email": "text",
    "phone": "text",
    "region": "text",
    "country": "text",
    "product_id": "text",
    "product_name": "text",
    "category": "text",
    "brand": "text",
    "tier": "integer",
    "kind": "text",
    "quantity": "integer",
    "price": "number",
    "amount": "number",
    "discount": "number",
    "currency": "text",
    "channel": "text",
}


def exports(params: ShopParams) -> Sequence[Export]:
    """Return the one kind of file that is read.

    Raises:
        ConfigurationError: a column that the template does not know.
    """
    for name in params.columns:
        if name not in COLUMNS:
            remedy = "The template's column stands on the left, yours on the right."
            raise unknown_name("in source.files.shop.columns", name, COLUMNS, remedy)
    columns = tuple(
        ExportColumn(name, _headers(name, params), type_, required=name in REQUIRED)
        for name, type_ in COLUMNS.items()
    )
    return (Export("order_lines", columns, key="order_id", required=True),)


def _headers(name: str, params: ShopParams) -> tuple[str, ...]:
    """Return the file's name for a column; none where only some are mapped, and not this one."""
    if params.columns and name not in REQUIRED:
        return (params.columns[name],) if name in params.columns else ()
    return (params.columns.get(name, name),)


def translate(found: Mapping[str, pd.DataFrame], params: ShopParams) -> Shop:
    """Return the shop that the lines tell of."""
    rows, foreign = in_one_currency(found["order_lines"], params.currency)
    lines = _lines(rows)
    tiers = lines.dropna(subset=["tier"]).sort_values(["occurred_at", "order_id", "tier"])
    newest = tiers.drop_duplicates("product_id", keep="last")
    return Shop(
        lines.assign(unparsed=renamed_faults(lines["unparsed"], {"price": "amount"})),
        shaped(pd.DataFrame(), ACCOUNT_COLUMNS),
        shaped(newest[["product_id", "tier"]], PRODUCT_COLUMNS),
        shaped(pd.DataFrame(), CONSENT_COLUMNS),
        foreign,
    )


def _lines(rows: pd.DataFrame) -> pd.DataFrame:
    quantity = rows["quantity"].astype("float64")
    pieces = quantity.abs().fillna(1)
    price, discount = to_cents(rows["price"].astype("float64").abs()), _cents(rows["discount"])
    computed = (rows["price"].astype("float64").abs() * pieces * 100).round() - discount.fillna(0)
    amount = _cents(rows["amount"])
    came_back = (quantity < 0) | (rows["amount"].astype("float64") < 0) | _says_returned(rows)
    return rows.assign(
        account_id=rows["customer_id"],
        address=plain_address(rows["email"]),
        kind=pd.Series("acquired", index=rows.index).mask(came_back, "returned"),
        quantity=quantity.abs(),
        price_cents=price.fillna((amount / pieces.where(pieces > 0)).round()),
        amount_cents=amount.fillna(computed.clip(lower=0)),
        discount_cents=discount,
    )


def _cents(amounts: "pd.Series[float]") -> "pd.Series[float]":
    return to_cents(amounts.astype("float64").abs())


def _says_returned(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["kind"].str.lower().eq("returned").fillna(value=False).astype(bool)

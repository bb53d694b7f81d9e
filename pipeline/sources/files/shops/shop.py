"""What a template makes of a shop system's exports, before it becomes tables of the contract."""

from dataclasses import dataclass

import pandas as pd

LINE_COLUMNS = (
    "account_id",
    "address",
    "phone",
    "region",
    "country",
    "order_id",
    "product_id",
    "product_name",
    "category",
    "brand",
    "kind",
    "occurred_at",
    "quantity",
    "price_cents",
    "amount_cents",
    "discount_cents",
    "channel",
    "unparsed",
)
PRODUCT_COLUMNS = (
    "product_id",
    "name",
    "category",
    "brand",
    "tier",
    "price_cents",
    "cost_cents",
    "launched_on",
)
ACCOUNT_COLUMNS = (
    "account_id",
    "address",
    "phone",
    "region",
    "country",
    "birth_date",
    "gender",
    "signed_up_on",
    "is_guest",
    "unparsed",
)
CONSENT_COLUMNS = ("account_id", "address", "channel", "granted", "changed_at")
_TYPES = {
    "price_cents": "float64",
    "cost_cents": "float64",
    "tier": "Int64",
    "is_guest": "boolean",
    "granted": "boolean",
    "changed_at": "datetime64[us]",
}
"""Of columns that an export lacks; all others are text."""


@dataclass(frozen=True)
class Shop:
    """A shop's order lines, accounts, products and consents; any but the lines may be empty.

    Lines are what was bought and what came back (`kind`); amounts are whole cents of one currency.
    `address` is an e-mail address as it is compared.
    """

    lines: pd.DataFrame
    accounts: pd.DataFrame
    products: pd.DataFrame
    consents: pd.DataFrame
    notes: tuple[str, ...]
    """What was left out or decided, in sentences with their counts."""


def shaped(rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return the columns in order, those that are missing empty and of their type."""
    missing = {name: _TYPES.get(name, "str") for name in columns if name not in rows}
    return rows.reindex(columns=list(columns)).astype(missing)

"""From a shop's lines, accounts, products and consents to the tables of the contract.

Every product that was sold and everybody who bought has a row, whether an export lists them or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from pipeline.foundation.config import ShopParams
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.contracts.tables import GUEST_EVENTS, UNPARSED, Table
from pipeline.sources.files.shops.catalogue import price_tiers, with_categories
from pipeline.sources.files.shops.identity import account_ids, customers_of
from pipeline.sources.files.shops.shop import (
    ACCOUNT_COLUMNS,
    CONSENT_COLUMNS,
    LINE_COLUMNS,
    PRODUCT_COLUMNS,
    Shop,
    shaped,
)

_CONTACT_DETAILS = ("email", "phone")


@dataclass(frozen=True)
class ShopTables:
    """Contract tables by name, and what is to be said of how they were made."""

    tables: Mapping[str, pa.Table]
    notes: tuple[str, ...]


def build_tables(shop: Shop, params: ShopParams, contract: Mapping[str, Table]) -> ShopTables:
    """Return the contract's tables of a shop.

    These are `customers`, `products`, `product_events` and, where the shop has any, `consents` and
    `guest_events`, the lines of nobody known.
    """
    accounts = shaped(shop.accounts, ACCOUNT_COLUMNS)
    accounts = accounts.assign(customer_id=account_ids(accounts))
    lines = shaped(shop.lines, LINE_COLUMNS)
    lines = lines.assign(customer_id=customers_of(lines, accounts))
    known = lines[lines["customer_id"].notna()]
    frames = {
        "customers": _customers(known, accounts, params),
        "products": _products(lines, shop.products, params),
        "product_events": _events(known),
    }
    guests = _events(lines[lines["customer_id"].isna()]).drop(columns="customer_id")
    if len(guests):
        frames[GUEST_EVENTS.name] = guests
    consents = _consents(shop.consents, accounts, known)
    consents = consents[consents["customer_id"].isin(frames["customers"]["customer_id"])]
    if len(consents):
        frames["consents"] = consents
    tables = {name: _conformed(frame, contract[name]) for name, frame in frames.items()}
    return ShopTables(tables, (*shop.notes, *_anonymous(len(guests))))


def _anonymous(count: int) -> tuple[str, ...]:
    told = f"Order lines of nobody known, kept apart as {GUEST_EVENTS.name}: {count:,}"
    return (told,) if count else ()


def _customers(lines: pd.DataFrame, accounts: pd.DataFrame, params: ShopParams) -> pd.DataFrame:
    listed = accounts.sort_values(["is_guest", "account_id"]).drop_duplicates("customer_id")
    newest = lines.sort_values(["occurred_at", "order_id", "product_id"]).groupby("customer_id")
    seen = newest[["address", "phone", "region", "country"]].last().astype("str").reset_index()
    guests = seen[~seen["customer_id"].isin(listed["customer_id"])]
    everyone = pd.concat([listed, guests.astype({"customer_id": "str"})], ignore_index=True)
    named = everyone.rename(columns={"address": "email"}).drop(columns=["account_id", "is_guest"])
    kept = named if params.contact_details else named.drop(columns=list(_CONTACT_DETAILS))
    return kept.sort_values("customer_id", ignore_index=True)


def _products(lines: pd.DataFrame, catalogue: pd.DataFrame, params: ShopParams) -> pd.DataFrame:
    listed = shaped(catalogue, PRODUCT_COLUMNS)
    sold = _sold_products(lines)
    both = pd.concat([listed, sold], ignore_index=True).groupby("product_id", sort=True)
    products = (
        both.first().astype(listed.dtypes.drop("product_id")).reset_index()
    )  # the catalogue's word, else that of the newest line
    buyers = lines.dropna(subset=["customer_id"]).groupby("product_id")["customer_id"].nunique()
    named = with_categories(products, buyers)
    tiers = named["tier"].fillna(price_tiers(named, params.tiers))
    return named.assign(
        tier=tiers.astype("Int64"),
        price=named["price_cents"] / 100,
        margin_rate=_margins(named),
        repurchase_days=params.repurchase_days,
    ).drop(columns=["price_cents", "cost_cents"])


def _sold_products(lines: pd.DataFrame) -> pd.DataFrame:
    """Return what the lines tell of each product: newest name, usual price of a piece."""
    bought = lines[lines["kind"] == "acquired"]
    newest = bought.sort_values(["occurred_at", "order_id"]).groupby("product_id")
    told = newest[["product_name", "category", "brand"]].last().astype("str")
    return (
        told.rename(columns={"product_name": "name"})
        .assign(price_cents=newest["price_cents"].median().round())
        .reset_index()
    )


def _margins(products: pd.DataFrame) -> "pd.Series[float]":
    price = products["price_cents"].astype("float64")
    margin = 1 - products["cost_cents"].astype("float64") / price.where(price > 0)
    return margin.clip(-1, 1).round(4)


def _events(lines: pd.DataFrame) -> pd.DataFrame:
    ordered = lines.sort_values(
        ["occurred_at", "order_id", "product_id", "kind", "amount_cents"], ignore_index=True
    )
    return ordered.assign(
        amount=ordered["amount_cents"] / 100, discount=ordered["discount_cents"] / 100
    )[
        [
            *("customer_id", "product_id", "kind", "occurred_at", "order_id", "quantity"),
            *("amount", "discount", "channel", "unparsed"),
        ]
    ]


def _consents(given: pd.DataFrame, accounts: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return each consent with its customer; one without a date counts from the first we know of.

    Consents are asked on the day of scoring only, so that no feature looks ahead by it.
    """
    rows = shaped(given, CONSENT_COLUMNS)
    owned = rows.assign(customer_id=customers_of(rows, accounts)).dropna(
        subset=["customer_id", "granted"]
    )
    owned = _of_main_accounts(owned)
    first = lines.groupby("customer_id")["occurred_at"].min()
    met = owned["customer_id"].map(first).fillna(lines["occurred_at"].min())
    dated = owned.assign(changed_at=owned["changed_at"].fillna(met))
    keys = [*CUSTOMER_CHANNEL_KEYS, "changed_at"]
    of_each = dated.groupby(keys)["granted"].min()  # of two at once, the refusal
    return of_each.reset_index()


def _of_main_accounts(consents: pd.DataFrame) -> pd.DataFrame:
    """Return what an account says of itself; its owner's guest orders say nothing beside it."""
    is_main = consents["account_id"] == consents["customer_id"]
    has_main = is_main.groupby(consents["customer_id"]).transform("any")
    return consents[is_main | ~has_main]


def _conformed(frame: pd.DataFrame, table: Table) -> pa.Table:
    given = frame.drop(columns="unparsed", errors="ignore")
    rows = conform(given[[name for name in table.names if name in given]], table)
    if "unparsed" not in frame:
        return rows
    faults = pa.array(frame["unparsed"], pa.string(), from_pandas=True)
    return rows.set_column(rows.schema.get_field_index(UNPARSED), UNPARSED, faults)

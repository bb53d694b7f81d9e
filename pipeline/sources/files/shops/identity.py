"""Who bought: an account by its id, a guest by the address, nobody where neither is known.

An address that belongs to an account is that account's, whether it was signed in or not. A guest's
id is made of a fingerprint of the address, so that no id shows a person.
"""

import hashlib

import pandas as pd


def plain_address(addresses: "pd.Series[str]") -> "pd.Series[str]":
    """Return e-mail addresses as they are compared: in small letters, without outer spaces."""
    return addresses.str.strip().str.lower()


def address_ids(addresses: "pd.Series[str]") -> "pd.Series[str]":
    """Return an id for each address, the same in every export; nothing without an address."""
    different = addresses.dropna().unique()
    ids = {text: f"e-{hashlib.sha256(text.encode()).hexdigest()[:16]}" for text in different}
    return addresses.map(ids).astype("str")


def account_ids(accounts: pd.DataFrame) -> "pd.Series[str]":
    """Return the id of every account: the shop's own, else that of its address.

    Of several accounts with one address (some systems make one of every guest order), the first
    that is no guest, by id, stands for all.

    Args:
        accounts: `account_id`, `address` and `is_guest`; any may be empty.
    """
    ids = accounts["account_id"].fillna(address_ids(accounts["address"]))
    ranked = pd.DataFrame(
        {
            "address": accounts["address"],
            "id": ids,
            "guest": accounts["is_guest"].fillna(value=False),
            "size": ids.str.len(),
        }
    ).sort_values(["guest", "size", "id"])
    first = ranked.dropna(subset=["address"]).drop_duplicates("address").set_index("address")["id"]
    return accounts["address"].map(first).astype("str").fillna(ids)


def customers_of(orders: pd.DataFrame, accounts: pd.DataFrame) -> "pd.Series[str]":
    """Return the customer of each row of orders, empty where nobody is known.

    Args:
        orders: `account_id` and `address`, either may be empty.
        accounts: `account_id`, `address` and `customer_id`.
    """
    known = accounts.dropna(subset=["account_id"]).drop_duplicates("account_id")
    by_account = known.set_index("account_id")["customer_id"]
    addressed = accounts.dropna(subset=["address"]).drop_duplicates("address")
    by_address = addressed.set_index("address")["customer_id"]
    account = orders["account_id"].map(by_account).astype("str").fillna(orders["account_id"])
    addressed_to = orders["address"].map(by_address).astype("str")
    return account.fillna(addressed_to).fillna(address_ids(orders["address"]))

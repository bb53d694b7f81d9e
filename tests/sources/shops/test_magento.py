"""Magento's tables and exports of the same tea shop: configurables, credit memos, subscribers."""

import shutil
from pathlib import Path

import pytest

from pipeline.sources import RawData
from tests.sources.shops.reading_shops import EXPORTS, consents_of, events_of, read, rows_of

BEN = "e-f871a76fb7b15231"  # of ben@example.com


@pytest.fixture(scope="module")
def shop() -> RawData:
    return read("magento")


def test_outer_items_count_after_discounts_and_credit_memos_are_returns(shop: RawData) -> None:
    assert events_of(shop) == [
        ("7", "GT", "acquired", "2025-01-05 09", "000000001", 2, "18.00", "2.00"),
        ("7", "POT-1", "acquired", "2025-01-05 09", "000000001", 1, "18.00", "2.00"),
        (BEN, "GT", "acquired", "2025-01-10 08", "000000002", 3, "30.00", "0.00"),
        (BEN, "POT-1", "acquired", "2025-01-10 08", "000000002", 1, "20.00", "0.00"),
        (BEN, "GT", "returned", "2025-01-20 11", "000000002", 1, "10.00", "None"),
        ("7", "POT-1", "acquired", "2025-02-01 08", "000000003", 1, "20.00", "0.00"),
        ("7", "POT-1", "returned", "2025-02-05 11", "000000003", 1, "20.00", "None"),
    ]
    assert "never paid, left out: 1." in shop.statement


def test_an_accounts_id_is_found_by_the_orders_of_its_address(shop: RawData) -> None:
    found = [
        (row["customer_id"], row["gender"], str(row["birth_date"]), str(row["signed_up_on"]))
        for row in rows_of(shop, "customers")
    ]
    assert found == [("7", "female", "1980-05-12", "2024-11-30"), (BEN, None, "None", "None")]


def test_a_simple_product_is_the_configurable_that_lists_it(shop: RawData) -> None:
    found = [
        (row["product_id"], row["category"], row["name"], str(row["price"]))
        for row in rows_of(shop, "products")
    ]
    assert found == [("GT", "Tea", "Green tea", "16.00"), ("POT-1", "Teapots", "Teapot", "20.00")]


def test_who_has_not_confirmed_says_nothing(shop: RawData) -> None:
    assert consents_of(shop) == [
        ("7", "email", True, "2025-01-06 10"),
        (BEN, "email", False, "2025-01-11 10"),
    ]


def test_without_credit_memos_the_refunds_of_the_lines_count(tmp_path: Path) -> None:
    for name in ("sales_order.csv", "sales_order_item.csv"):
        shutil.copy(EXPORTS / "magento" / name, tmp_path)
    events = events_of(read("magento", tmp_path, refund_days=7))
    assert [event for event in events if event[2] == "returned"] == [
        (BEN, "GT-100", "returned", "2025-01-17 08", "000000002", 1, "10.00", "None"),
        ("7", "POT-1", "returned", "2025-02-01 08", "000000003", 1, "20.00", "None"),
    ]

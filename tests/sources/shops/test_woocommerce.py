"""WooCommerce's exports of the same tea shop: one row per item, refunds by item."""

import pytest

from pipeline.sources import RawData
from tests.sources.shops.reading_shops import events_of, read, rows_of

BEN = "e-f871a76fb7b15231"  # of ben@example.com


@pytest.fixture(scope="module")
def shop() -> RawData:
    return read("woocommerce", timezone="Europe/Madrid")


def test_items_are_after_discounts_without_taxes_and_refunded_by_piece(shop: RawData) -> None:
    assert events_of(shop) == [
        ("7", "10", "acquired", "2025-01-05 09", "101", 2, "18.00", "2.00"),
        ("7", "20", "acquired", "2025-01-05 09", "101", 1, "18.00", "2.00"),
        (BEN, "10", "acquired", "2025-01-10 08", "102", 3, "30.00", "0.00"),
        (BEN, "20", "acquired", "2025-01-10 08", "102", 1, "17.00", "3.00"),  # 3.00, no piece
        (BEN, "10", "returned", "2025-01-22 11", "102", 1, "10.00", "None"),  # the newest date
        ("7", "20", "acquired", "2025-02-01 08", "103", 1, "20.00", "0.00"),
        ("7", "20", "returned", "2025-03-03 08", "103", 1, "20.00", "None"),  # 30 days, undated
    ]


def test_a_variation_is_its_product_and_prices_are_those_of_the_variations(shop: RawData) -> None:
    found = [
        (row["product_id"], row["category"], row["name"], str(row["price"]))
        for row in rows_of(shop, "products")
    ]
    assert found == [
        ("10", "Tea", "Green tea", "16.00"),  # 10.00 by SKU, 22.00 by id
        ("20", "Teapots", "Teapot", "20.00"),
        ("30", "OTHER", "Gift card", "25.00"),
    ]


def test_accounts_have_the_day_they_signed_up_as_the_shop_wrote_it(shop: RawData) -> None:
    customers = [
        (row["customer_id"], str(row["signed_up_on"])) for row in rows_of(shop, "customers")
    ]
    assert customers == [("7", "2024-11-30"), (BEN, "None")]


def test_cancelled_orders_and_orders_of_nobody_are_counted(shop: RawData) -> None:
    assert "never paid, left out: 1." in shop.statement
    assert "nobody known, kept apart as guest_events: 1." in shop.statement


def test_without_a_table_of_consents_none_is_made_up(shop: RawData) -> None:
    assert "consents" not in shop.tables

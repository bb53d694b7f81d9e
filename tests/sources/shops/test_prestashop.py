"""PrestaShop's tables of the same tea shop: credit slips, vouchers, two currencies, a guest."""

import shutil
from pathlib import Path

import pytest

from pipeline.sources import RawData
from tests.sources.shops.reading_shops import EXPORTS, consents_of, events_of, read, rows_of


@pytest.fixture(scope="module")
def shop() -> RawData:
    return read("prestashop", timezone="Europe/Madrid")


def test_amounts_are_in_the_shops_currency_less_vouchers_and_slips_are_returns(
    shop: RawData,
) -> None:
    assert events_of(shop) == [
        # A voucher of 4.00 on 40.00, by halves.
        ("7", "10", "acquired", "2025-01-05 09", "1", 2, "18.00", "2.00"),
        ("7", "20", "acquired", "2025-01-05 09", "1", 1, "18.00", "2.00"),
        # 60 and 40 at a rate of 2; the slip gives 6 back on the teapot without a piece.
        ("8", "10", "acquired", "2025-01-10 08", "2", 3, "30.00", "0.00"),
        ("8", "20", "acquired", "2025-01-10 08", "2", 1, "17.00", "3.00"),
        ("8", "10", "returned", "2025-01-20 11", "2", 1, "10.00", "None"),
        # No longer valid, but the slip says that it was paid; a guest of customer 7's address.
        ("7", "20", "acquired", "2025-02-01 08", "3", 1, "20.00", "0.00"),
        ("7", "20", "returned", "2025-02-05 11", "3", 1, "20.00", "None"),
    ]
    assert "never paid, left out: 1." in shop.statement


def test_a_guest_with_an_accounts_address_is_the_account(shop: RawData) -> None:
    found = [
        (row["customer_id"], row["gender"], str(row["birth_date"]), str(row["signed_up_on"]))
        for row in rows_of(shop, "customers")
    ]
    assert found == [
        ("7", "female", "1980-05-12", "2024-11-30"),
        ("8", "male", "None", "2025-01-10"),
    ]


def test_the_accounts_newsletter_counts_and_not_that_of_a_guest_order(shop: RawData) -> None:
    assert consents_of(shop) == [
        ("7", "email", True, "2024-12-01 07"),
        ("8", "email", False, "2025-01-10 08"),
    ]


def test_names_are_in_the_first_language_and_costs_of_nothing_are_not_known(shop: RawData) -> None:
    found = [
        (row["product_id"], row["name"], row["category"], row["tier"], row["margin_rate"])
        for row in rows_of(shop, "products")
    ]
    assert found == [
        ("10", "Green tea", "Tea", 1, 0.6),
        ("11", "Black tea", "Tea", 2, None),
        ("20", "Teapot", "Teapots", 1, 0.4),
    ]


def test_without_slips_the_refunded_pieces_of_the_lines_count(tmp_path: Path) -> None:
    for name in ("orders.csv", "order_detail.csv"):
        shutil.copy(EXPORTS / "prestashop" / name, tmp_path)
    events = events_of(read("prestashop", tmp_path))
    returned = [event for event in events if event[2] == "returned"]
    # 30 days after 10 January lie past the last order that counts.
    assert returned == [("8", "10", "returned", "2025-01-10 09", "2", 1, "10.00", "None")]

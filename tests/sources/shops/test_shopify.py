"""Shopify's exports of a tea shop: seven orders, two accounts, four products."""

from pathlib import Path

import pytest

from pipeline.foundation.errors import DataError
from pipeline.sources import RawData
from tests.sources.shops.reading_shops import EXPORTS, consents_of, events_of, read, rows_of

CHO = "e-2618c16b2a3db769"  # sha256 of cho@example.com, sixteen digits of it


@pytest.fixture(scope="module")
def shop() -> RawData:
    return read("shopify", contact_details=True)


def test_lines_share_the_subtotal_and_refunds_are_told_apart(shop: RawData) -> None:
    assert events_of(shop) == [
        # 40.00 of goods less a code of 4.00: 36.00 by halves. Created at 10:00 of +0100.
        ("7001", "green-tea", "acquired", "2025-01-05 09", "#1001", 2, "18.00", "2.00"),
        ("7001", "teapot", "acquired", "2025-01-05 09", "#1001", 1, "18.00", "2.00"),
        ("7002", "green-tea", "acquired", "2025-01-10 08", "#1002", 3, "30.00", "0.00"),
        ("7002", "teapot", "acquired", "2025-01-10 08", "#1002", 1, "20.00", "0.00"),
        # 3.00 back of 20.00 are no whole pieces: the price was lowered.
        ("7002", "teapot", "acquired", "2025-02-01 08", "#1003", 1, "17.00", "3.00"),
        # 10.00 back of #1002 are one of three teas, and no whole teapot; 30 days after the order.
        ("7002", "green-tea", "returned", "2025-02-09 08", "#1002", 1, "10.00", "None"),
        # Refunded in full, delivery too, when it was cancelled.
        ("7001", "teapot", "acquired", "2025-02-10 08", "#1004", 1, "20.00", "0.00"),
        ("7001", "teapot", "returned", "2025-02-11 11", "#1004", 1, "20.00", "None"),
        # #1005 was never paid, nobody is known of #1006.
        (CHO, "black-tea", "acquired", "2025-03-15 07", "#1007", 1, "25.00", "0.00"),
    ]


def test_accounts_keep_their_id_and_guests_have_one_that_shows_nobody(shop: RawData) -> None:
    found = [
        (row["customer_id"], row["email"], row["phone"], row["region"], row["country"])
        for row in rows_of(shop, "customers")
    ]
    assert found == [
        ("7001", "ana@example.com", "+34600111222", "MD", "ES"),
        ("7002", "ben@example.com", None, "B", "ES"),
        (CHO, "cho@example.com", None, "B", None),
    ]


def test_products_are_handles_with_a_type_and_a_tier_by_price(shop: RawData) -> None:
    found = [
        (row["product_id"], row["category"], row["tier"], str(row["price"]), row["margin_rate"])
        for row in rows_of(shop, "products")
    ]
    assert found == [
        ("black-tea", "Tea", 2, "25.00", 0.6),  # matched by its name, it has no SKU
        ("green-tea", "Tea", 1, "16.00", 0.6),  # 10.00 and 22.00; 4.00 and 8.80 of cost
        ("n-5b7cd76c442d", "OTHER", 1, "12.50", None),  # gift wrapping, in no export
        ("teapot", "Teapots", 1, "20.00", 0.4),  # the end of its taxonomy, it has no type
        ("white-tea", "Tea", 3, "40.00", None),  # never sold
    ]
    assert {row["repurchase_days"] for row in rows_of(shop, "products")} == {365}


def test_consents_are_those_of_the_account_else_those_of_the_order(shop: RawData) -> None:
    assert consents_of(shop) == [
        ("7001", "email", True, "2025-01-05 09"),  # from the first order on: no date is exported
        ("7001", "sms", False, "2025-01-05 09"),
        ("7002", "email", False, "2025-01-10 08"),
        ("7002", "sms", False, "2025-01-10 08"),
        (CHO, "email", False, "2025-03-15 07"),
    ]


def test_what_was_left_out_is_said_with_its_count(shop: RawData) -> None:
    assert "Orders that were never paid, left out: 1." in shop.statement
    assert "Order lines of nobody known, kept apart as guest_events: 1." in shop.statement


def test_addresses_stay_out_unless_somebody_asks() -> None:
    customers = rows_of(read("shopify"), "customers")
    assert {row["email"] for row in customers} == {row["phone"] for row in customers} == {None}


def write_orders(folder: Path, name: str, *rows: str) -> None:
    header = (
        "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Refunded Amount,Cancelled at"
    )
    (folder / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


FIRST = "#1,a@x.org,paid,EUR,20.00,0,4.20,24.20,2025-01-05 10:00:00 +0000,2,Tea,10.00,T1,{},"


def test_taxes_that_are_added_are_no_part_of_the_refund_of_goods(tmp_path: Path) -> None:
    write_orders(tmp_path, "orders.csv", FIRST.format("12.10"))  # one tea of 10.00 with 21%
    assert events_of(read("shopify", tmp_path, refund_days=0))[1] == (
        *(events_of(read("shopify", tmp_path))[0][0], "T1", "returned", "2025-01-05 10", "#1", 1),
        *("10.00", "None"),
    )


def test_a_later_export_replaces_the_orders_that_it_brings_again(tmp_path: Path) -> None:
    other = "#2,a@x.org,paid,EUR,10.00,0,0,10.00,2025-02-05 10:00:00 +0000,1,Tea,10.00,T1,0,"
    write_orders(tmp_path, "orders_2025_01.csv", FIRST.format("0"), other)
    write_orders(tmp_path, "orders_2025_02.csv", FIRST.format("24.20"))
    kinds = [(event[4], event[2]) for event in events_of(read("shopify", tmp_path))]
    assert kinds == [("#1", "acquired"), ("#1", "returned"), ("#2", "acquired")]


def test_two_lines_that_a_refund_may_pay_for_lower_the_price_of_both(tmp_path: Path) -> None:
    first = "#1,a@x.org,paid,EUR,20.00,0,0,20.00,2025-01-05 10:00:00 +0000,1,Tea,10.00,T1,10.00,"
    second = "#1,a@x.org,,,,,,,,1,Pot,10.00,P1,,"
    write_orders(tmp_path, "orders.csv", first, second)
    found = [(event[1], event[2], *event[6:]) for event in events_of(read("shopify", tmp_path))]
    assert found == [("P1", "acquired", "5.00", "5.00"), ("T1", "acquired", "5.00", "5.00")]


def test_orders_in_two_currencies_are_refused_unless_one_is_named(tmp_path: Path) -> None:
    dollars = "#2,a@x.org,paid,USD,10.00,0,0,10.00,2025-02-05 10:00:00 +0000,1,Tea,10.00,T1,0,"
    write_orders(tmp_path, "orders.csv", FIRST.format("0"), dollars)
    with pytest.raises(DataError, match=r"1 in EUR, 1 in USD.*source\.files\.shop\.currency"):
        read("shopify", tmp_path)
    kept = read("shopify", tmp_path, currency="EUR")
    assert [event[4] for event in events_of(kept)] == ["#1"]
    assert "Orders not in EUR, left out: 1." in kept.statement


def test_a_price_that_cannot_be_read_is_kept_as_the_amounts_fault(tmp_path: Path) -> None:
    write_orders(tmp_path, "orders.csv", FIRST.format("0").replace("2,Tea,10.00", "2,Tea,ten"))
    event = rows_of(read("shopify", tmp_path), "product_events")[0]
    assert event["amount"] is None
    assert event["_unparsed"] == '{"amount": "ten"}'


def test_a_folder_without_orders_is_refused(tmp_path: Path) -> None:
    customers = EXPORTS / "shopify" / "customers_export.csv"
    (tmp_path / "customers.csv").write_bytes(customers.read_bytes())
    with pytest.raises(DataError, match=r"Financial Status.*the export orders; found customers"):
        read("shopify", tmp_path)


def test_columns_without_any_value_are_read_too(tmp_path: Path) -> None:
    write_orders(tmp_path, "orders.csv", FIRST.format("0"))
    (tmp_path / "products.csv").write_text(
        "Handle,Title,Vendor,Product Category,Type,Option1 Value,Option2 Value,Variant SKU,"
        "Variant Price,Cost per item\ntea,Tea,,,,Default Title,,T1,10.00,\n",
        encoding="utf-8",
    )
    products = rows_of(read("shopify", tmp_path), "products")
    assert [(row["product_id"], row["name"], row["category"]) for row in products] == [
        ("tea", "Tea", "Tea")  # its own category, where there are neither types nor brands
    ]


def test_an_export_in_another_encoding_names_the_shops_entry(tmp_path: Path) -> None:
    write_orders(tmp_path, "orders.csv", FIRST.format("0").replace("Tea", "Té"))
    text = (tmp_path / "orders.csv").read_text(encoding="utf-8")
    (tmp_path / "orders.csv").write_bytes(text.encode("cp1252"))
    with pytest.raises(DataError, match=r"source\.files\.shop\.encoding"):
        read("shopify", tmp_path)


def test_a_byte_order_mark_before_a_quoted_header_is_no_part_of_it(tmp_path: Path) -> None:
    write_orders(tmp_path, "orders.csv", FIRST.format("0"))
    text = (tmp_path / "orders.csv").read_text(encoding="utf-8")
    marked = text.replace("Name,Email", '"Name","Email"', 1)
    (tmp_path / "orders.csv").write_text(marked, encoding="utf-8-sig")
    assert [event[4] for event in events_of(read("shopify", tmp_path))] == ["#1"]

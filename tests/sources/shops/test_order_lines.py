"""One flat file of order lines builds customers, products and events."""

from pathlib import Path

import pytest

from pipeline.foundation.errors import ConfigurationError
from tests.sources.shops.reading_shops import events_of, read, rows_of

COLUMNS = {
    "order_id": "Invoice",
    "occurred_at": "InvoiceDate",
    "customer_id": "CustomerID",
    "country": "Country",
    "product_id": "StockCode",
    "product_name": "Description",
    "quantity": "Quantity",
    "price": "UnitPrice",
}


def test_a_negative_quantity_came_back_and_lines_are_rounded_to_the_cent() -> None:
    assert events_of(read("order_lines", columns=COLUMNS)) == [
        ("7", "GT-100", "acquired", "2025-01-05 10", "536365", 2, "20.01", "None"),  # 2 × 10.005
        ("7", "POT-1", "acquired", "2025-01-05 10", "536365", 1, "20.00", "None"),
        ("8", "GT-100", "acquired", "2025-01-10 09", "536366", 3, "30.00", "None"),
        ("8", "GT-100", "returned", "2025-01-20 12", "C536367", 1, "10.00", "None"),
    ]


def test_customers_and_products_are_those_of_the_lines() -> None:
    data = read("order_lines", columns=COLUMNS)
    assert [(row["customer_id"], row["country"]) for row in rows_of(data, "customers")] == [
        ("7", "Spain"),
        ("8", "Spain"),
    ]
    # Neither categories nor brands: each of the best-selling products is its own category.
    assert [(row["product_id"], row["category"]) for row in rows_of(data, "products")] == [
        ("BT-1", "Black tea"),
        ("GT-100", "Green tea 100 g"),
        ("POT-1", "Teapot"),
    ]


def write_lines(folder: Path, header: str, *rows: str) -> Path:
    (folder / "lines.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return folder


def test_a_file_in_the_templates_own_names_needs_no_columns(tmp_path: Path) -> None:
    write_lines(
        tmp_path,
        "order_id,occurred_at,email,product_id,category,tier,kind,quantity,amount,discount",
        "1,2025-01-05 10:00:00,A@x.org,p1,tea,2,acquired,2,18.00,2.00",
        "1,2025-01-06 10:00:00,a@x.org,p1,tea,2,Returned,1,9.00,",
    )
    data = read("order_lines", tmp_path)
    assert [event[2:] for event in events_of(data)] == [
        ("acquired", "2025-01-05 10", "1", 2, "18.00", "2.00"),
        ("returned", "2025-01-06 10", "1", 1, "9.00", "None"),
    ]
    assert len(rows_of(data, "customers")) == 1
    assert rows_of(data, "products")[0]["tier"] == 2


def test_brands_stand_for_categories_where_there_are_none(tmp_path: Path) -> None:
    write_lines(
        tmp_path,
        "order_id,occurred_at,customer_id,product_id,brand,price",
        *(f"1,2025-01-05 10:00:00,c1,p{n},{brand},{n}.00" for n, brand in enumerate("AAABBB", 1)),
        "1,2025-01-05 10:00:00,c1,p7,,9.00",
    )
    found = [
        (row["product_id"], row["category"], row["tier"])
        for row in rows_of(read("order_lines", tmp_path, tiers=2), "products")
    ]
    assert found == [
        ("p1", "A", 1),
        ("p2", "A", 1),
        ("p3", "A", 2),
        ("p4", "B", 1),
        ("p5", "B", 1),
        ("p6", "B", 2),
        ("p7", "OTHER", 1),
    ]


def test_a_column_that_the_template_does_not_know_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"shop\.columns.*'order'.*'order_id'"):
        read("order_lines", columns={"order": "Invoice"})


def test_an_unknown_template_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match=r"shopify, woocommerce.*Did you mean 'shopify'"):
        read("shopfy")

"""What holds for every template: the folder is the registry."""

from typing import Any

import pytest

from pipeline.foundation.choices import TEMPLATES
from pipeline.foundation.config import ShopParams
from pipeline.sources.files.shops import template_exports
from tests.sources.shops.reading_shops import EXPORTS, read, rows_of

COLUMNS = {"order_id": "Invoice", "occurred_at": "InvoiceDate", "customer_id": "CustomerID"}
SHOP: dict[str, dict[str, Any]] = {
    "order_lines": {"columns": {**COLUMNS, "product_id": "StockCode", "price": "UnitPrice"}}
}


def test_every_template_has_exports_to_be_tested_on() -> None:
    assert TEMPLATES.names() == sorted(
        path.name for path in EXPORTS.iterdir() if [*path.glob("*.csv")]
    )


@pytest.mark.parametrize("template", TEMPLATES.names())
def test_orders_are_required_and_no_export_has_a_column_twice(template: str) -> None:
    exports = template_exports(template, ShopParams())
    assert any(export.required for export in exports)
    for export in exports:
        names = [column.name for column in export.columns]
        assert len(set(names)) == len(names)
        assert export.key in names


@pytest.mark.parametrize("template", TEMPLATES.names())
def test_every_event_has_its_customer_and_product_and_no_address_is_read(template: str) -> None:
    data = read(template, **SHOP.get(template, {}))
    events = rows_of(data, "product_events")
    customers = {row["customer_id"] for row in rows_of(data, "customers")}
    assert {event["customer_id"] for event in events} <= customers
    assert {event["product_id"] for event in events} <= {
        row["product_id"] for row in rows_of(data, "products")
    }
    assert {row["email"] for row in rows_of(data, "customers")} == {None}

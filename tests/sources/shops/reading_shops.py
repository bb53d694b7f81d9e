"""Exports of a shop system, made up for the tests, and the rows that they become."""

from pathlib import Path
from typing import Any

import yaml

from pipeline.foundation import config
from pipeline.foundation.config import SourceParams
from pipeline.sources import RawData, read_source

EXPORTS = Path(__file__).parent


def source(template: str, folder: Path, **shop: object) -> SourceParams:
    given = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    files = {"folder": str(folder), "template": template, "shop": shop, "tables": {}}
    given["source"] |= {"name": "files", "files": files}
    return config.parse(given).source


def read(template: str, folder: Path | None = None, **shop: object) -> RawData:
    return read_source(source(template, folder or EXPORTS / template, **shop))


def rows_of(data: RawData, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = data.tables[table].to_pylist()
    return rows


def events_of(data: RawData) -> list[tuple[Any, ...]]:
    """Return customer, product, kind, day and UTC hour, order, pieces, amount and discount."""
    return [
        (
            row["customer_id"],
            row["product_id"],
            row["kind"],
            f"{row['occurred_at']:%Y-%m-%d %H}",
            row["order_id"],
            row["quantity"],
            str(row["amount"]),
            str(row["discount"]),
        )
        for row in rows_of(data, "product_events")
    ]


def consents_of(data: RawData) -> list[tuple[str, str, bool, str]]:
    return [
        (row["customer_id"], row["channel"], row["granted"], f"{row['changed_at']:%Y-%m-%d %H}")
        for row in rows_of(data, "consents")
    ]

"""A file that is read some rows at a time says what it says as a whole."""

import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.sources import RawData, files
from pipeline.sources.files import choosing, reading
from tests.sources.gathering import gather
from tests.sources.test_files import CUSTOMERS, EVENTS, PRODUCTS, read

# Ids with leading zeros, a quoted line break, an empty customer, numbers and texts in one column, a
# day that does not exist, a repeat: wherever a batch ends, one of them stands at its border.
LINES = [
    "Customer,StockCode,kind,When,order_id,amount",
    "007,p1,acquired,2025-01-05 10:00:00,0012,1.50",
    '008,p1,acquired,2025-01-06 10:00:00,"A\n9",2',
    ",p1,acquired,2025-01-07 10:00:00,12,3",
    "010,POST,acquired,2025-01-08 10:00:00,x,4",
    "007,p1,acquired,2025-01-05 10:00:00,0012,1.50",
    "011,p1,acquired,2025-02-30 10:00:00,é,n/a",
    "012,p1,returned,2025-01-09 10:00:00,7",
]
MAPPING: dict[str, Any] = {
    "columns": {
        "customer_id": "Customer",
        "product_id": "StockCode",
        "kind": "kind",
        "occurred_at": "When",
        "order_id": "order_id",
        "amount": "amount",
    },
    "drop": {"StockCode": ["POST"]},
    "guests": "keep_apart",
}


def read_in_batches(
    folder: Path, monkeypatch: pytest.MonkeyPatch, rows: int, **mapping: Any
) -> RawData:
    for module in (files, choosing, reading):
        monkeypatch.setattr(module, "BATCH_ROWS", rows)
    return read(folder, "product_events", **mapping)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("customers", CUSTOMERS), ("products", PRODUCTS), ("events", EVENTS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def write_events(folder: Path, lines: list[str]) -> None:
    (folder / "events.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("rows", [2, 3, 4, 7])
def test_batches_are_the_whole_whatever_stands_at_their_borders(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, rows: int
) -> None:
    write_events(folder, LINES)
    with caplog.at_level(logging.INFO):
        whole = read(folder, "product_events", **MAPPING)
        said = caplog.messages[:]
        caplog.clear()
        batched = read_in_batches(folder, monkeypatch, rows, **MAPPING)
    assert whole.tables["product_events"].num_rows == 5
    assert whole.tables["guest_events"].num_rows == 1
    assert "product_events" not in whole.batched
    assert ("product_events" in batched.batched) == (rows < 5)
    assert gather(batched).tables == whole.tables
    assert batched.statement == whole.statement
    assert caplog.messages == said
    assert any("1 rows equal another row" in one for one in said)


def test_a_parquet_file_is_read_in_batches_with_its_types(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = pd.DataFrame(
        {
            "customer_id": [7, None, 9],
            "product_id": ["p1", "p1", "p2"],
            "kind": "acquired",
            "occurred_at": pd.to_datetime(["2025-01-05", "2025-01-06", "2025-01-07"]),
        }
    )
    events.to_parquet(folder / "events.parquet")
    whole = read(folder, "product_events", file="events.parquet")
    batched = read_in_batches(folder, monkeypatch, 2, file="events.parquet")
    assert gather(batched).tables == whole.tables
    assert whole.tables["product_events"]["customer_id"].to_pylist() == ["7", None, "9"]


@pytest.mark.parametrize("place", [1, 2, 3, 4])
def test_a_row_that_is_too_long_is_refused_at_a_border_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    lines = [EVENTS.splitlines()[0], *[EVENTS.splitlines()[1]] * 4]
    write_events(folder, [*lines[:place], lines[1] + ",1", *lines[place + 1 :]])
    with pytest.raises(DataError, match=r"as many fields in every line"):
        read_in_batches(folder, monkeypatch, 2)


def test_lines_that_a_stray_quote_swallowed_are_refused_in_a_later_batch_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = EVENTS.splitlines()[1]
    swallowed = ['c1,"p1,acquired,2025-01-05 10:00:00', row, 'c1,p1",acquired,2025-01-05 10:00:00']
    write_events(folder, [EVENTS.splitlines()[0], *[row] * 5, *swallowed])
    with pytest.raises(DataError, match="rows inside one cell"):
        read_in_batches(folder, monkeypatch, 2)


def test_repeats_are_left_out_across_batches(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_events(folder, LINES)
    data = read_in_batches(
        folder, monkeypatch, 2, **MAPPING | {"guests": None, "deduplicate": True}
    )
    assert gather(data).tables["product_events"].num_rows == 5
    assert "1 of 6 rows left out as repeats of whole rows." in data.statement


def test_a_column_that_no_batch_can_read_is_pointed_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    header, row = EVENTS.splitlines()
    write_events(folder, [header, *[row] * 5])
    read_in_batches(folder, monkeypatch, 2, date_format="%d/%m/%Y", moment_format="%d/%m/%Y")
    told = [one for one in caplog.messages if "can be read" in one]
    assert len(told) == 1
    assert "occurred_at (column 'occurred_at'): none of its 5 values can be read" in told[0]


def test_a_file_that_lacks_a_column_is_refused_before_the_rest_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_events(folder, ["customer_id,kind,occurred_at", *["c1,acquired,2025-01-05 10:00:00"] * 5])
    with pytest.raises(ConfigurationError, match="product_id"):
        read_in_batches(folder, monkeypatch, 2)

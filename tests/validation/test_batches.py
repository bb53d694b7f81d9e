import pyarrow as pa

from pipeline.foundation.contracts.tables import raw_tables
from pipeline.validation.batches import to_frames
from pipeline.validation.expectations import BATCH_TYPES
from tests.ledger import table

SCHEMA = raw_tables({})["products"].schema


def test_an_empty_value_does_not_change_the_types_of_a_batch() -> None:
    full = {
        "product_id": "tv1",
        "category": "tv",
        "tier": 1,
        "name": "TV",
        "brand": "B",
        "price": "9.99",
        "margin_rate": 0.2,
        "repurchase_days": 30,
        "launched_on": "2025-01-01",
        "retired_on": "2025-02-01",
    }
    sparse = {"product_id": "tv2", "category": "tv", "tier": 2}
    rows = table("products", [full, sparse])
    first, second = to_frames(rows.to_batches(1), SCHEMA)
    (nothing,) = to_frames([], SCHEMA)
    assert list(first.dtypes) == list(second.dtypes) == list(nothing.dtypes)
    assert first["price"].tolist() == [9.99]
    assert len(nothing) == 0


def test_every_contract_type_arrives_as_the_gate_expects_it() -> None:
    for contract in raw_tables({"income": "number"}).values():
        (frame,) = to_frames([], contract.schema)
        for column in contract.columns:
            arrived = str(frame[column.name].dtype).lower()
            assert arrived.removesuffix("ean") == BATCH_TYPES[column.type]


def test_frames_come_one_batch_at_a_time() -> None:
    batches = pa.table({"customer_id": ["a", "b", "c"]}).to_batches(2)
    assert [len(frame) for frame in to_frames(batches, SCHEMA)] == [2, 1]

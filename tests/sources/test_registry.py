"""The folder is the registry of sources, and no source hands over what breaks the contract."""

import sys
from collections.abc import Mapping
from types import ModuleType

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.foundation import config
from pipeline.foundation.choices import SOURCES, Choice
from pipeline.foundation.config import SourceParams
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.tables import raw_tables
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.sources import RawData, read_source

CONTRACT = raw_tables({})
GOOD: Mapping[str, pa.Table] = {
    "customers": conform(pd.DataFrame({"customer_id": ["c1"]}), CONTRACT["customers"]),
    "products": conform(
        pd.DataFrame({"product_id": ["p1"], "category": ["tea"], "tier": [1]}),
        CONTRACT["products"],
    ),
    "product_events": conform(
        pd.DataFrame(
            {
                "customer_id": ["c1"],
                "product_id": ["p1"],
                "kind": ["acquired"],
                "occurred_at": ["2025-01-05 10:00:00"],
            }
        ),
        CONTRACT["product_events"],
    ),
}


def params(name: str) -> SourceParams:
    return config.load().source.model_copy(update={"name": name})


def without(name: str) -> dict[str, pa.Table]:
    return {key: table for key, table in GOOD.items() if key != name}


@pytest.fixture
def hand_over(monkeypatch: pytest.MonkeyPatch) -> "HandOver":
    return HandOver(monkeypatch)


class HandOver:
    """Put a source in the registry that hands over the tables given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, tables: Mapping[str, pa.Table]) -> RawData:
        module = ModuleType("pipeline.sources.made_up")
        module.read = lambda _: RawData(tables, "made up")  # type: ignore[attr-defined]  # a stand-in
        self._monkeypatch.setitem(sys.modules, "pipeline.sources.made_up", module)
        self._monkeypatch.setattr(Choice, "names", lambda _: ["made_up"])
        return read_source(params("made_up"))


def test_every_module_of_the_folder_is_a_source_but_the_base() -> None:
    assert set(SOURCES.names()) >= {"complete_journey", "database", "files", "simulated"}
    assert "base" not in SOURCES.names()


def test_an_unknown_source_is_refused_with_the_nearest_name_and_the_list() -> None:
    with pytest.raises(
        ConfigurationError,
        match=r"one of complete_journey, database, files, .*found 'file'. Did you mean 'files'\?.*"
        r"pipeline/sources/file",
    ):
        read_source(params("file"))


def test_the_base_is_not_a_source() -> None:
    with pytest.raises(ConfigurationError, match="found 'base'"):
        read_source(params("base"))


def test_tables_that_keep_the_contract_are_handed_over(hand_over: HandOver) -> None:
    assert dict(hand_over(GOOD).tables) == dict(GOOD)


@pytest.mark.parametrize("name", ["customers", "products", "product_events"])
def test_a_required_table_must_be_there(hand_over: HandOver, name: str) -> None:
    with pytest.raises(DataError, match=f"table '{name}' from source 'made_up'; found .*customer"):
        hand_over(without(name) | ({"customers": GOOD["customers"]} if name != "customers" else {}))


def test_no_tables_at_all_is_said_plainly(hand_over: HandOver) -> None:
    with pytest.raises(DataError, match="found no tables"):
        hand_over({})


def test_a_table_that_the_contract_does_not_know_is_refused(hand_over: HandOver) -> None:
    with pytest.raises(DataError, match=r"found 'message'. Did you mean 'messages'\?"):
        hand_over({**GOOD, "message": GOOD["customers"]})


@pytest.mark.parametrize("name", ["customers", "surveys"])
def test_a_table_without_rows_is_refused(hand_over: HandOver, name: str) -> None:
    empty = CONTRACT[name].raw_schema.empty_table()
    with pytest.raises(DataError, match=f"rows in table '{name}'; found none"):
        hand_over({**GOOD, name: empty})


def test_a_table_of_other_types_is_refused_with_the_columns_that_differ(
    hand_over: HandOver,
) -> None:
    products = GOOD["products"]
    place = products.schema.get_field_index("tier")
    other = products.set_column(place, "tier", products["tier"].cast(pa.int32()))
    with pytest.raises(DataError, match=r"found tier int32 instead of tier int64\. .*conform"):
        hand_over({**GOOD, "products": other})


def test_a_table_whose_columns_stand_in_another_order_is_refused(hand_over: HandOver) -> None:
    products = GOOD["products"]
    other = products.select(sorted(products.column_names))
    with pytest.raises(DataError, match="found another order of columns"):
        hand_over({**GOOD, "products": other})

"""A large company is made block by block, and is one company all the same."""

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipeline.foundation.config import SimulatedParams
from pipeline.foundation.contracts.tables import raw_tables
from pipeline.sources.base import RawData
from pipeline.sources.simulated import draw
from pipeline.sources.simulated.blocks import CUSTOMERS, blocks_of
from tests.sources.gathering import gather

KEYS = {"customers": "customer_id", "surveys": "survey_id", "messages": "message_id"}


def tables_of(customers: int, size: int) -> Mapping[str, pa.Table]:
    params = SimulatedParams(customers=customers, periods=14, seed=4, dirty_share=0.0)
    return gather(RawData({}, "", streamed=draw(params, raw_tables({}), size))).tables


def is_one_each(values: pd.Series, *of: pd.Series) -> bool:
    groups = values.groupby(list(of))
    return bool((groups.min() == groups.max()).all())


@pytest.fixture(scope="module")
def branches() -> Mapping[str, pa.Table]:
    return tables_of(170, 80)


def test_blocks_are_of_fixed_size_and_the_last_holds_the_rest() -> None:
    params = SimulatedParams(customers=50_001, periods=14, seed=4, dirty_share=0.0)
    blocks = blocks_of(params)
    assert [(one.first, one.count) for one in blocks] == [
        (0, CUSTOMERS),
        (20_000, CUSTOMERS),
        (40_000, 10_001),
    ]
    assert len({one.seed for one in blocks}) == 3


def test_every_customer_and_row_has_a_number_of_its_own(branches: Mapping[str, pa.Table]) -> None:
    for name, key in KEYS.items():
        ids = branches[name][key].to_pylist()
        assert [int(one[1:]) for one in ids] == list(range(len(ids)))
    orders = branches["product_events"]["order_id"].drop_null()
    assert pc.count_distinct(orders).as_py() == len(orders)
    assert len(branches["customers"]) == 170


def test_products_are_told_once_and_households_stay_within_a_block(
    branches: Mapping[str, pa.Table],
) -> None:
    assert branches["products"].equals(tables_of(80, 80)["products"])
    customers = branches["customers"].to_pandas()
    block = customers["customer_id"].str[1:].astype(int) // 80
    assert is_one_each(block, customers["household_id"])


def test_a_company_that_grows_keeps_the_customers_of_its_full_blocks(
    branches: Mapping[str, pa.Table],
) -> None:
    smaller = tables_of(90, 80)
    for name in ("customers", "interactions", "messages"):
        before = smaller[name].filter(pc.less(smaller[name]["customer_id"], "C00000080"))
        assert branches[name].slice(0, len(before)).equals(before)


def test_each_branch_runs_its_own_campaigns_at_common_prices(
    branches: Mapping[str, pa.Table],
) -> None:
    messages: pd.DataFrame = branches["messages"].to_pandas()
    block = messages["customer_id"].str[1:].astype(int) // 80
    assert is_one_each(block, messages["campaign_id"])
    assert is_one_each(messages["channel"], messages["campaign_id"])
    events = branches["product_events"].to_pandas().dropna(subset=["amount"])
    share = (events["discount"] / (events["amount"] + events["discount"])).astype(float).round(1)
    category = events["product_id"].map(
        branches["products"].to_pandas().set_index("product_id")["category"]
    )
    period = (events["occurred_at"] - pd.Timestamp("2023-07-03")).dt.days // 28
    is_later = period >= 0
    assert is_one_each(share[is_later], category[is_later], period[is_later])


def test_the_records_end_with_one_opening_order_of_the_whole_company(
    branches: Mapping[str, pa.Table],
) -> None:
    latest = branches["product_events"].sort_by("occurred_at")["occurred_at"][-1].as_py()
    assert (latest - pd.Timestamp("2023-07-03")).days == 14 * 28

"""The simulated company: seven tables that keep the contract, and the faults of a real extract."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.foundation import config
from pipeline.foundation.config import SimulatedParams, SourceParams
from pipeline.foundation.contracts.tables import RAW_TABLES, UNPARSED
from pipeline.foundation.engines import Engine
from pipeline.sources import read_source
from pipeline.sources.base import RawData
from pipeline.sources.simulated.dirt import DEFECTS, soil
from pipeline.sources.simulated.timeline import MORNING, START, date_of
from pipeline.validation.judgement import RULE, judge, valid_rows
from tests.sources.gathering import gather

PERIODS = 16
LAST_DAY = date_of(PERIODS)
LAST_MIDNIGHT = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=UTC)
END = pd.Timestamp(LAST_MIDNIGHT).tz_localize(None) + timedelta(seconds=MORNING)
SHARE = 0.002


def source(
    customers: int = 500, seed: int = 5, dirty_share: float = 0.0, **others: object
) -> SourceParams:
    simulated = SimulatedParams(
        customers=customers, periods=PERIODS, seed=seed, dirty_share=dirty_share
    )
    update = {"name": "simulated", "simulated": simulated, "customer_attributes": {}, **others}
    return config.load().source.model_copy(update=update)


def to_bytes(data: RawData) -> list[bytes]:
    written = []
    assert set(data.truth) == {"propensities", "effects"}
    for table in (*data.tables.values(), *data.truth.values()):
        sink = io.BytesIO()
        pq.write_table(table, sink)
        written.append(sink.getvalue())
    return written


@pytest.fixture(scope="module")
def clean() -> RawData:
    return gather(read_source(source()))


@pytest.fixture(scope="module")
def frames(clean: RawData) -> Mapping[str, pd.DataFrame]:
    return {name: table.to_pandas() for name, table in clean.tables.items()}


def test_all_seven_tables_are_there_and_keep_the_contract(clean: RawData) -> None:
    assert list(clean.tables) == [table.name for table in RAW_TABLES]
    for table in RAW_TABLES:
        assert clean.tables[table.name].schema.equals(table.raw_schema), table.name


def test_a_quiet_company_has_so_many_fewer_touches_and_buys_as_much(clean: RawData) -> None:
    quiet = SimulatedParams(customers=500, periods=PERIODS, seed=5, dirty_share=0, activity=0.25)
    found = gather(read_source(source(simulated=quiet))).tables
    usual = clean.tables
    assert 0.2 < len(found["interactions"]) / len(usual["interactions"]) < 0.32
    assert 0.9 < len(found["product_events"]) / len(usual["product_events"]) < 1.1


def test_the_statement_says_that_nobody_in_it_exists(clean: RawData) -> None:
    assert "500 customers" in clean.statement
    assert "Nobody in it exists" in clean.statement


def test_the_same_parameters_give_the_same_bytes_and_another_seed_others() -> None:
    params = source(customers=120, dirty_share=SHARE)
    once = to_bytes(gather(read_source(params)))
    assert once == to_bytes(gather(read_source(params)))
    other = to_bytes(gather(read_source(source(customers=120, seed=6, dirty_share=SHARE))))
    assert not any(a == b for a, b in zip(once, other, strict=True))


@pytest.mark.parametrize(("customers", "seed"), [(50, 1), (50, 2), (51, 3), (400, 4)])
def test_the_latest_product_event_is_on_the_morning_after_the_last_period(
    customers: int, seed: int
) -> None:
    events = gather(read_source(source(customers=customers, seed=seed))).tables["product_events"]
    latest = events["occurred_at"].to_pandas().max()
    assert latest.date() == LAST_DAY
    assert latest < END


def test_the_extract_holds_nothing_that_was_not_yet_known(
    frames: Mapping[str, pd.DataFrame],
) -> None:
    for table in RAW_TABLES:
        for column in table.columns:
            if column.type == "moment":
                assert not (frames[table.name][column.name] >= END).any(), column.name


def test_nothing_happens_to_a_customer_before_the_sign_up(
    frames: Mapping[str, pd.DataFrame],
) -> None:
    signed_up_on = pd.to_datetime(frames["customers"].set_index("customer_id")["signed_up_on"])
    for table in RAW_TABLES:
        if table.occurred_at is not None:
            rows = frames[table.name]
            since = rows[table.occurred_at] - rows["customer_id"].map(signed_up_on)
            assert since.min() >= pd.Timedelta(0), table.name


def test_customers_join_before_and_during_the_records(frames: Mapping[str, pd.DataFrame]) -> None:
    joined_later = frames["customers"]["signed_up_on"] >= START
    assert 0.3 < joined_later.mean() < 0.5
    assert frames["customers"]["household_id"].dropna().duplicated().any()
    assert set(frames["customers"]["customer_type"]) == {"consumer", "business"}


def test_products_are_sold_only_while_they_are_on_offer(
    frames: Mapping[str, pd.DataFrame],
) -> None:
    products, events = frames["products"], frames["product_events"]
    assert (products["launched_on"] > START).any()
    assert products["retired_on"].notna().any()
    sold = events[(events["kind"] == "acquired") & (events["occurred_at"] >= pd.Timestamp(START))]
    sold = sold.merge(products, on="product_id")
    assert not (sold["occurred_at"] < pd.to_datetime(sold["launched_on"])).any()
    assert not (sold["occurred_at"] >= pd.to_datetime(sold["retired_on"])).any()


def test_amount_and_discount_add_up_to_the_price(frames: Mapping[str, pd.DataFrame]) -> None:
    events = frames["product_events"].merge(frames["products"], on="product_id")
    sold = events[events["kind"] == "acquired"]
    assert (sold["amount"] + sold["discount"] == sold["price"] * sold["quantity"].astype(int)).all()
    assert (sold["discount"] > 0).any()
    assert events.loc[events["kind"] != "acquired", "amount"].isna().all()


def test_subscriptions_durables_and_consumables_all_exist_with_and_without_tiers(
    frames: Mapping[str, pd.DataFrame],
) -> None:
    products = frames["products"]
    days = products.groupby("category")["repurchase_days"].first()
    assert days.isna().sum() == 6
    assert days.between(700, 1100).sum() == 3
    assert days.between(28, 90).sum() == 3
    assert set(products.groupby("category")["tier"].nunique()) == {1, 3, 4}
    assert products.groupby("category").size().between(4, 12).all()


def test_a_percent_or_two_of_the_facts_are_learnt_late(
    frames: Mapping[str, pd.DataFrame],
) -> None:
    for name in ("product_events", "interactions"):
        delay = frames[name]["known_at"] - frames[name]["occurred_at"]
        late = (delay > pd.Timedelta(hours=1)).mean()
        assert 0.008 < late < 0.025, name
        assert frames[name]["known_at"].isna().any()


def test_machines_open_mail_within_minutes_but_do_not_click(
    frames: Mapping[str, pd.DataFrame],
) -> None:
    email = frames["messages"].query("channel == 'email'")
    opened = email[email["opened_at"].notna()]
    at_once = opened["opened_at"] - opened["delivered_at"] < pd.Timedelta(minutes=3)
    assert 0.3 < at_once.mean() < 0.8
    clicks = opened["clicked_at"].notna()
    assert clicks[at_once].mean() < 0.6 * clicks[~at_once].mean()


def test_unsubscribing_withdraws_the_consent_at_that_moment(
    frames: Mapping[str, pd.DataFrame],
) -> None:
    messages, consents = frames["messages"], frames["consents"]
    left = messages[messages["unsubscribed_at"].notna()]
    first = left.groupby(["customer_id", "channel"])["unsubscribed_at"].min()
    refused = consents[~consents["granted"].astype(bool)]
    keys = pd.MultiIndex.from_frame(refused[["customer_id", "channel", "changed_at"]])
    wanted = pd.MultiIndex.from_frame(first.reset_index())
    assert len(wanted) > 5
    assert wanted.isin(keys).mean() > 0.9  # a second mail of the same period may stop it first


def test_declared_customer_attributes_are_there_and_empty() -> None:
    attributes = {"segment": "text", "score": "number"}
    table = gather(read_source(source(customers=60, customer_attributes=attributes))).tables[
        "customers"
    ]
    assert table["segment"].null_count == table["score"].null_count == 60


def test_validation_takes_out_the_dirty_rows_and_gives_back_the_clean_tables(
    engine: Engine, clean: RawData
) -> None:
    dirty = gather(read_source(source(dirty_share=SHARE))).tables
    valid: dict[str, ir.Table] = {}
    for table in RAW_TABLES:
        rows = engine.table(dirty[table.name])
        judged = judge(rows, table, valid, until=END + timedelta(days=28))
        valid[table.name] = engine.materialize(valid_rows(judged, table))
        kept = engine.arrow(valid[table.name]).to_pandas()
        expected = clean.tables[table.name].drop_columns([UNPARSED]).to_pandas()
        pd.testing.assert_frame_equal(_in_order(kept), _in_order(expected))
        found = engine.arrow(judged.group_by(RULE).aggregate(rows=judged.count())).to_pandas()
        gone = found.loc[found[RULE].notna(), "rows"].sum()
        assert gone == dirty[table.name].num_rows - len(expected), table.name
        assert gone % len(DEFECTS[table.name]) == 0, table.name


def test_a_table_too_small_to_bear_every_defect_stays_clean(clean: RawData) -> None:
    few = clean.tables["customers"].slice(0, 100)
    assert soil(few, "customers", SHARE, seed=1) is few
    many = clean.tables["customers"]
    assert soil(many, "customers", 0.0, seed=1) is many
    assert soil(many, "customers", SHARE, seed=1).num_rows == 500 + 7 * 1
    assert soil(many, "customers", 0.01, seed=1).num_rows == 500 + 7 * 5


def test_what_cannot_be_read_is_kept_as_ingestion_keeps_it() -> None:
    raw = gather(read_source(source(dirty_share=SHARE))).tables["product_events"]
    unread = raw.filter(pa.compute.is_valid(raw[UNPARSED]))
    assert set(unread[UNPARSED].to_pylist()) == {'{"occurred_at": "31/02/2025"}'}
    assert unread["occurred_at"].null_count == unread.num_rows > 0


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(list(frame.columns), ignore_index=True)


def test_every_table_has_its_defects() -> None:
    assert list(DEFECTS) == [table.name for table in RAW_TABLES]

"""The stages segment and recommend, on companies with every table and with the fewest."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.foundation import paths
from pipeline.foundation.batch_functions import WholeGroups
from pipeline.foundation.contracts.frame_rows import OnFrames
from pipeline.foundation.contracts.hand_overs.segments_report import SegmentsReport
from pipeline.foundation.contracts.outputs import (
    PRODUCT_ASSOCIATIONS,
    PRODUCT_LISTS,
    SEGMENTS,
    check,
)
from pipeline.foundation.engines import Engine, duckdb
from pipeline.foundation.errors import ConfigurationError
from pipeline.io.documents import read_document, write_document
from pipeline.io.recommendation_files import read_manual_selection
from pipeline.io.snapshots import read_snapshots
from pipeline.population.drawn_customers import LEARNT, is_drawn
from pipeline.population.history import history
from pipeline.population.holdings import held_products, offered_products
from pipeline.stages import recommend, segment
from tests.company import company
from tests.scoring_day import write_scoring_day

ROOT = Path(__file__).parents[2]
DAY = date(2025, 1, 20)
Tables = Mapping[str, pa.Table]
BARE = {
    "customers": ["customer_id"],
    "products": ["product_id", "category", "tier"],
    "product_events": ["customer_id", "product_id", "kind", "occurred_at"],
}


def whole() -> Tables:
    """Return a company with businesses, novelties and a retired product."""
    tables = dict(company(7, customers=80, facts=2500))
    people = tables["customers"].to_pandas()
    types = ["business" if number % 4 == 0 else "consumer" for number in range(len(people))]
    tables["customers"] = _with(tables["customers"], "customer_type", types)
    retired = [date(2024, 6, 1) if name == "phone1" else None for name in _ids(tables)]
    tables["products"] = _with(tables["products"], "retired_on", retired)
    return tables


def bare() -> Tables:
    """Return the three required tables, with nothing in their optional columns."""
    tables = whole()
    return {name: _only(tables[name], columns) for name, columns in BARE.items()}


def _ids(tables: Tables) -> list[str]:
    ids: list[str] = tables["products"]["product_id"].to_pylist()
    return ids


def _with(table: pa.Table, name: str, values: list[Any]) -> pa.Table:
    field = table.schema.field(name)
    place = table.schema.get_field_index(name)
    return table.set_column(place, field, pa.array(values, field.type))


def _only(table: pa.Table, columns: list[str]) -> pa.Table:
    for name in set(table.column_names) - set(columns):
        table = _with(table, name, [None] * len(table))
    return table


def known_before(tables: Tables) -> Tables:
    """Return the tables as they stood at the as-of date."""
    moment = pa.scalar(datetime(2025, 1, 20))  # noqa: DTZ001 - times are naive UTC
    cut = dict(tables)
    for name in ("product_events", "interactions", "surveys"):
        if name in tables:
            occurred = "sent_at" if name == "surveys" else "occurred_at"
            known = pc.coalesce(tables[name]["known_at"], tables[name][occurred])
            rows = pc.and_(pc.less(known, moment), pc.less(tables[name][occurred], moment))
            cut[name] = tables[name].filter(rows)
    return cut


def make(folder: Path, tables: Tables, **changes: object) -> None:
    """Write what the stages read, and run both."""
    write_inputs(folder, tables, **changes)
    segment.main()
    recommend.main()


def write_inputs(folder: Path, tables: Tables, **changes: object) -> None:
    """Write what the stages read."""
    paths.VALIDATED.mkdir(parents=True)
    for name, table in tables.items():
        pq.write_table(table, paths.table(paths.VALIDATED, name))
    write_scoring_day(tables, DAY)
    raw = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    raw["segment"] |= {"threads": 1, "loyal_purchases": 20, "inactive_days": 20}
    raw["recommend"] |= {"min_count": 3, "hook_days": 60} | changes
    raw["recommend"]["incentives"] |= {"min_orders": 2}
    (folder / paths.PARAMS).write_text(yaml.safe_dump(raw), encoding="utf-8")


@pytest.fixture(params=[whole, bare], ids=["whole", "bare"])
def tables(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Tables:
    monkeypatch.chdir(tmp_path)
    found: Tables = request.param()
    return found


def test_segments_and_lists_hold_to_the_contract_and_to_what_may_be_shown(
    tables: Tables, tmp_path: Path, engine: Engine
) -> None:
    make(tmp_path, tables)
    check(paths.SEGMENTS, SEGMENTS)
    check(paths.PRODUCT_LISTS, PRODUCT_LISTS)
    assert pq.read_schema(paths.PRODUCT_ASSOCIATIONS).names == [
        name for name, _ in PRODUCT_ASSOCIATIONS.columns
    ]
    past = history(engine, {name: engine.table(some) for name, some in tables.items()}, [DAY])
    people = pd.read_parquet(paths.SEGMENTS)
    assert list(people["customer_id"]) == sorted(_column(engine, past.customers, "customer_id"))
    assert (people["value_12m_low_cents"] <= people["value_12m_cents"]).all()
    assert (people["value_12m_cents"] <= people["value_12m_high_cents"]).all()
    assert people["return_rate"].between(0, 1).all()
    shown = pd.read_parquet(paths.PRODUCT_LISTS)
    offers = shown[shown["list"] != "review"]
    held = engine.arrow(held_products(past)).to_pandas()
    assert offers.merge(held, on=["customer_id", "product_id"]).empty
    assert set(offers["product_id"]) <= set(_column(engine, offered_products(past), "product_id"))
    events = past.known("product_events")
    returned = engine.arrow(events.filter(events.kind == "returned")).to_pandas()
    assert shown.merge(returned, on=["customer_id", "product_id"]).empty
    assert not shown.duplicated(["customer_id", "product_id"]).any()
    assert (shown.groupby("customer_id")["position"].max() <= 10).all()


def _column(engine: Engine, table: ir.Table, name: str) -> list[str]:
    values: list[str] = engine.arrow(table)[name].to_pylist()
    return values


def test_every_stage_and_many_lists_occur_in_a_company_with_all_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    paths.INCOMING.mkdir(parents=True)
    (paths.INCOMING / "chosen.csv").write_text("product_id\ntv3\n", encoding="utf-8")
    make(tmp_path, whole(), manual_file="chosen.csv")
    people = pd.read_parquet(paths.SEGMENTS)
    shown = pd.read_parquet(paths.PRODUCT_LISTS).merge(
        people[["customer_id", "customer_type"]], on="customer_id"
    )
    assert {"manual", "cross_sell", "review", "complementary_services"} <= set(shown["list"])
    to_businesses = shown[shown["list"] == "complementary_services"]
    assert set(to_businesses["customer_type"]) == {"business"}
    assert set(shown.loc[shown["list"] == "manual", "product_id"]) == {"tv3"}
    page = (paths.ASSOCIATIONS_REPORT / "README.md").read_text(encoding="utf-8")
    assert "## Complements and substitutes" in page
    assert not pd.read_csv(paths.OFFERS_REPORT / "bounce_back.csv").empty


class InSevens(OnFrames):
    """Rows come seven at a time."""

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        pieces = (
            batch.slice(start, 7) for batch in batches for start in range(0, batch.num_rows, 7)
        )
        return super().__call__(pieces)


class FewRows(WholeGroups):
    """Groups are handed over as soon as thirty rows are held."""

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        pieces = (
            batch.slice(start, 9) for batch in batches for start in range(0, batch.num_rows, 9)
        )
        return WholeGroups(self.function, self.key, rows=30)(pieces)


def test_all_that_is_made_few_customers_at_a_time_is_what_is_made_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path, whole())
    folders = (Path("data/segments"), Path("data/recommendations"), Path("reports"))
    files = sorted(path for folder in folders for path in folder.rglob("*.*"))
    expected = [path.read_bytes() for path in files]
    monkeypatch.setattr(segment, "OnFrames", InSevens)
    monkeypatch.setattr(duckdb, "WholeGroups", FewRows)
    segment.main()
    recommend.main()
    assert [path.read_bytes() for path in files] == expected
    assert len(files) > 12


def test_of_many_customers_a_draw_is_learnt_from_and_everybody_is_segmented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.chdir(tmp_path)
    write_inputs(tmp_path, whole())
    segment.main()
    everybody = pd.read_parquet(paths.SEGMENTS)
    told = read_document(paths.SEGMENTS_REPORT, SegmentsReport)
    half = read_snapshots().model_copy(update={"drawn_share": 0.5})
    write_document(half, paths.SNAPSHOTS)
    segment.main()
    found = pd.read_parquet(paths.SEGMENTS)
    drawn = read_document(paths.SEGMENTS_REPORT, SegmentsReport)
    ids = engine.table(pa.table({"id": everybody["customer_id"]}))
    asked = len(engine.arrow(ids.filter(is_drawn(ids.id, 0.5, LEARNT))))
    assert 25 < asked < 55
    assert drawn.next_purchase.expected <= asked < told.next_purchase.expected
    # What is counted of everybody does not change, and only what was learnt does.
    learnt = [name for name in SEGMENTS.names if name.startswith(("value_", "return_", "next_"))]
    assert found.drop(columns=learnt).equals(everybody.drop(columns=learnt))
    assert not found[learnt].equals(everybody[learnt])
    assert drawn.lifecycle_stage.keys() == told.lifecycle_stage.keys()
    assert drawn.buyers_below_mean_spend == told.buyers_below_mean_spend


@pytest.mark.slow
def test_what_became_known_later_changes_nothing_and_equal_runs_give_equal_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for name, tables in (("all", whole()), ("before", known_before(whole()))):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.chdir(folder)
        make(folder, tables)
        made.append(
            {
                str(path): path.read_bytes()
                for path in sorted(Path().rglob("*.*"))
                if path.is_file() and paths.VALIDATED not in path.parents
            }
        )
    assert made[0] == made[1]
    assert len(made[0]) > 12


def test_a_manual_selection_that_is_not_there_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=r"recommend\.manual_file in data/incoming"):
        read_manual_selection("none.csv")
    Path("x.csv").write_text("product_id\nP1\n", encoding="utf-8")
    for outside in ("../../x.csv", str(tmp_path / "x.csv")):
        with pytest.raises(ConfigurationError, match="Put it there, and name it so"):
            read_manual_selection(outside)

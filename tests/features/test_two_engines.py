"""The same expressions on DuckDB and on a really started Spark, column by column."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow.parquet import write_table as write_parquet

from benchmarks.spark.comparison import compare_folders
from pipeline.commands import pull
from pipeline.features import family
from pipeline.features.feature import KEYS, Grain
from pipeline.features.matrix import load_matrix
from pipeline.features.view import View
from pipeline.foundation import paths
from pipeline.foundation.choices import FAMILIES
from pipeline.foundation.config import EngineParams, ModelName
from pipeline.foundation.contracts.erased import add_erased
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CUSTOMER_KEYS
from pipeline.foundation.contracts.outputs import (
    CONTACT_LOG,
    NEXT_BEST_OFFERS,
    PROPENSITIES,
    REASONS,
    RUNNERS_UP,
)
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.errors import DataError
from pipeline.foundation.stored_tables import read_table
from pipeline.io.matrices import map_matrices
from pipeline.io.row_reasons import explain_rows
from pipeline.io.scored_rows import SCORED, RowScorer, best_rows, place_rows
from pipeline.io.tables import read_json
from pipeline.io.todays_levels import TodaysScorer
from pipeline.models.estimators.boosted_trees import fit_boosted_trees
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import PropensityModel, uncalibrated
from pipeline.population import questions
from pipeline.population.dates import OutcomeWindow, Snapshot
from pipeline.stages import decide, ingest, recommend, segment, validate
from tests.company import CATEGORIES, company
from tests.features.views import view
from tests.offers.test_stages import whole, write_inputs
from tests.small_spark import NEEDS_JAVA, SMALL_JAVA, write_raw_tables
from tests.sources.stored_company import write_params, write_storage
from tests.wave_company import make_company, params_of

pytestmark = [
    pytest.mark.slow,
    NEEDS_JAVA,
]
SNAPSHOTS = (Snapshot(date(2024, 6, 1), "train"), Snapshot(date(2024, 12, 1), "test"))
MODELS: tuple[ModelName, ...] = ("up_sell", "cross_sell")
CASES = [
    pytest.param(one, grain, id=f"{one.name}-{grain}")
    for one in family.load(FAMILIES.names())
    for grain in one.expressions
]
Both = tuple[pa.Table, pa.Table]


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    """Return a local Spark, started once for this module, whose Java lives too short to tune."""
    params = EngineParams(name="spark", threads=2, memory_gb=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", SMALL_JAVA)
        with open_engine(params) as opened:
            yield opened


@pytest.fixture(scope="module")
def views(engine: Engine, spark: Engine) -> Sequence[tuple[Engine, View]]:
    """Return 500 customers, looked at from two dates by each engine."""
    tables = company(11, customers=500, facts=3000)
    dates = [snapshot.as_of_date for snapshot in SNAPSHOTS]
    return [(one, view(one, tables, dates)) for one in (engine, spark)]


@pytest.fixture(scope="module")
def populations(views: Sequence[tuple[Engine, View]]) -> Mapping[ModelName, Both]:
    """Return each model's population as each engine computes it."""
    window = OutcomeWindow(gap_days=1, outcome_days=30)
    found: dict[ModelName, list[pa.Table]] = {model: [] for model in MODELS}
    for one, looked_at in views:
        grid = questions.candidate_grid(
            looked_at.history, looked_at.customers, looked_at.held, window
        )
        rows = one.materialize(grid)
        for model, tables in found.items():
            tables.append(one.arrow(questions.label_candidates(rows, model, SNAPSHOTS, CATEGORIES)))
    return {model: (tables[0], tables[1]) for model, tables in found.items()}


@pytest.mark.parametrize("model", MODELS)
def test_the_population_is_the_same_on_both_engines(
    populations: Mapping[ModelName, Both], model: ModelName
) -> None:
    expected, found = populations[model]
    assert pc.sum(expected["label"]).as_py() > 50  # there is something to differ in
    assert_same(expected, found, CANDIDATE_KEYS)


@pytest.mark.parametrize(("one", "grain"), CASES)
def test_every_feature_is_the_same_on_both_engines(
    views: Sequence[tuple[Engine, View]], one: family.Family, grain: Grain
) -> None:
    expected, found = (engine.arrow(one.compute(looked_at, grain)) for engine, looked_at in views)
    assert expected.num_rows > 500
    assert_same(expected, found, KEYS[grain])


def test_each_engine_reads_what_the_other_writes(
    views: Sequence[tuple[Engine, View]], tmp_path: Path
) -> None:
    one = family.load(["surveys"])[0]
    paths = [tmp_path / name / "surveys.parquet" for name in ("duckdb", "spark")]
    counts = [
        engine.write(one.compute(looked_at, "customer"), path, KEYS["customer"])
        for (engine, looked_at), path in zip(views, paths, strict=True)
    ]
    expected, found = (read_table(path) for path in paths)
    assert counts == [expected.num_rows, expected.num_rows]
    assert found.schema.names == expected.schema.names
    assert found.schema.types == expected.schema.types
    for key in KEYS["customer"]:  # in the same order, part after part
        assert found[key].equals(expected[key])
    assert paths[0].is_file()
    assert {part.name for part in paths[1].iterdir()} >= {"part-00000.parquet"}
    for (engine, _), path in zip(views, reversed(paths), strict=True):
        assert_same(expected, engine.arrow(engine.read(path)), KEYS["customer"])


def test_both_engines_draw_the_same_sample(
    views: Sequence[tuple[Engine, View]], populations: Mapping[ModelName, Both]
) -> None:
    expected, found = (
        load_matrix(engine, engine.table(table), {}, splits=["train"], max_rows=400)
        for (engine, _), table in zip(views, populations["cross_sell"], strict=True)
    )
    assert 300 < len(expected.weights) < 500
    assert found.keys.equals(expected.keys)
    np.testing.assert_allclose(found.weights, expected.weights, rtol=1e-12)


def test_a_function_is_applied_to_rows_on_the_executors(engine: Engine, spark: Engine) -> None:
    rows = pa.table({"number": list(range(1000)), "name": [f"c{n}" for n in range(1000)]})
    schema = pa.schema([("name", pa.string()), ("half", pa.float64()), ("process", pa.int64())])
    expected, found = (
        one.arrow(one.map_batches(halve, one.table(rows), schema).order_by("name"))
        for one in (engine, spark)
    )
    assert os.getpid() not in found["process"].to_pylist()
    assert expected["process"].unique().to_pylist() == [os.getpid()]
    assert_same(expected.drop(["process"]), found.drop(["process"]), ["name"])


def test_a_function_sees_whole_groups_on_the_executors(engine: Engine, spark: Engine) -> None:
    rows = pa.table({"name": [f"c{n % 100}" for n in range(1000)], "number": list(range(1000))})
    schema = pa.schema([("name", pa.string()), ("first", pa.int64()), ("rows", pa.int64())])
    expected, found = (
        one.arrow(one.map_groups(count_groups, one.table(rows), schema, ["name", "number"]))
        for one in (engine, spark)
    )
    assert expected.slice(0, 2).to_pydict() == {
        "name": ["c0", "c1"],
        "first": [0, 1],
        "rows": [10, 10],
    }
    assert_same(expected, found, ["name"])


def test_rows_are_scored_explained_and_placed_alike_on_both_engines(
    engine: Engine, spark: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    champion = write_project_and_fit(np.random.default_rng(3))
    rates = pd.Series({"tv": 0.2})
    rates.attrs["pooled"] = 0.1
    scorer = RowScorer("cross_sell", TodaysScorer(champion, None), rates)
    rows, reasons = [], []
    for one in (engine, spark):
        scored = map_matrices(one, "cross_sell", scorer, SCORED, split="scoring")
        rows.append(one.arrow(place_rows(scored, champion.version)))
        best = one.materialize(best_rows(scored))
        reasons.append(
            one.arrow(explain_rows(one, "cross_sell", champion, best, count=2, sensitive=[]))
        )
    assert rows[0].num_rows == 600
    assert len(set(rows[0]["score"].to_pylist())) > 100  # there is something to differ in
    assert_same(rows[0], rows[1], PROPENSITIES.keys)
    assert reasons[0].num_rows > 300
    assert_same(reasons[0], reasons[1], REASONS.keys)


def write_project_and_fit(random: np.random.Generator) -> PropensityModel:
    """Write a scoring day of 300 customers and two categories, and fit trees to it."""
    ids = [f"c{number:03d}" for number in range(300)]
    keys = pd.DataFrame(
        [(date(2024, 12, 1), one, category) for one in ids for category in ("pet", "tv")],
        columns=list(CANDIDATE_KEYS),
    )
    population = keys.assign(
        split="scoring", is_eligible=True, label=pd.Series([None] * 600, dtype="Int64"), held_tier=0
    )
    days = pd.DataFrame({"surveys__score": random.normal(size=600)})
    people = keys.drop_duplicates(list(CUSTOMER_KEYS)).drop(columns="category")
    regions = random.choice(["north", "south", "west"], size=300)
    for folder, name, frame in (
        (paths.POPULATION, "cross_sell", population),
        (paths.FEATURES / "candidate", "surveys", pd.concat([keys, days], axis=1)),
        (
            paths.FEATURES / "customer",
            "socio_demographics",
            people.assign(socio_demographics__region=regions),
        ),
    ):
        folder.mkdir(parents=True)
        frame.to_parquet(paths.table(folder, name), index=False)
    features = pd.DataFrame(
        {
            "category": pd.Categorical(keys["category"]),
            "surveys__score": days["surveys__score"].astype("float32"),
            "socio_demographics__region": pd.Categorical(np.repeat(regions, 2)),
        }
    )
    likely = 1 / (1 + np.exp(-features["surveys__score"] - (features["category"] == "tv")))
    labels = (random.random(600) < likely).to_numpy().astype(np.float64)
    examples = Examples(features, labels, np.ones(600), np.repeat(np.arange(300), 2))
    params = BoostingParams(num_leaves=7, min_data_in_leaf=10)
    trees = fit_boosted_trees(examples, params, trees=40, seed=1, threads=1)
    return uncalibrated("trees", trees, examples, {}, segments="category")


def count_groups(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    schema = pa.schema([("name", pa.string()), ("first", pa.int64()), ("rows", pa.int64())])
    for batch in batches:
        numbers = batch.to_pandas().groupby("name")["number"].agg(first="first", rows="size")
        columns = [numbers.index, numbers["first"], numbers["rows"]]
        yield pa.record_batch([pa.array(column) for column in columns], names=schema.names).cast(
            schema
        )


def halve(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        process = pa.array([os.getpid()] * batch.num_rows, pa.int64())
        half = pc.divide(batch["number"].cast(pa.float64()), 2.0)
        columns = {"name": batch["name"], "half": half, "process": process}
        yield pa.record_batch(columns)


def assert_same(expected: pa.Table, found: pa.Table, keys: Sequence[str]) -> None:
    """Compare by keys: floats within 1e-9, anything else exactly, missing where missing."""
    assert found.schema.names == expected.schema.names
    assert found.schema.types == expected.schema.types
    order = [(key, "ascending") for key in keys]
    expected, found = expected.sort_by(order), found.sort_by(order)
    for name in expected.column_names:
        one, other = expected[name], found[name]
        assert other.is_null().equals(one.is_null()), f"{name}: other values are missing"
        if pa.types.is_floating(one.type):
            np.testing.assert_allclose(
                other.drop_null(), one.drop_null(), rtol=1e-9, equal_nan=False, err_msg=name
            )
        else:
            assert other.equals(one), f"{name}: other values"


def test_validation_finds_the_same_on_both_engines(
    engine: Engine, spark: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an event at fault, a repeated key, a value to empty and a ledger that refers to nobody."""
    folders = [tmp_path / name for name in ("duckdb", "spark")]
    for one, folder in zip((engine, spark), folders, strict=True):
        write_raw_tables(folder)
        monkeypatch.chdir(folder)
        monkeypatch.setattr(validate, "open_engine", lambda _, one=one: nullcontext(one))
        validate.main()
    expected, found = (read_json(folder / paths.VALIDATION_REPORT) for folder in folders)
    assert found == expected
    assert expected["tables"]["product_events"]["by_rule"]["not_null:kind"] == 1
    told = compare_folders(folders[0], folders[1], (str(paths.VALIDATED), str(paths.QUARANTINE)))
    assert len(told) == 4 * 3  # valid rows, quarantined rows and emptied cells of four tables
    assert [one.name for one in told if one.differing] == []


def test_tables_that_stay_where_they_are_are_judged_alike_on_both_engines(
    engine: Engine, spark: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at, named by manifests, read as the contract asks and without the erased where they lie."""
    storage = tmp_path / "my storage"
    write_storage(storage)
    folders = [tmp_path / name for name in ("duckdb", "spark")]
    for one, folder in zip((engine, spark), folders, strict=True):
        write_params(folder, storage, {})
        monkeypatch.chdir(folder)
        for module in (pull, validate):
            monkeypatch.setattr(module, "open_engine", lambda _, one=one: nullcontext(one))
        add_erased(["5", "7"])
        pull.main()
        ingest.main()
        validate.main()
    expected, found = (read_json(folder / paths.VALIDATION_REPORT) for folder in folders)
    assert found == expected
    assert expected["tables"]["customers"]["rows_in"] == 58
    told = compare_folders(folders[0], folders[1], (str(paths.VALIDATED), str(paths.QUARANTINE)))
    assert len(told) == 4 * 3  # valid rows, quarantined rows and emptied cells of four tables
    assert [one.name for one in told if one.differing] == []
    look_again(storage)


def look_again(storage: Path) -> None:
    """The same rows, written otherwise, are told by the same digest, and a changed one by another."""
    seen = paths.PULLED_TABLES / "stored.json"
    before, version = seen.read_bytes(), paths.PULLED_VERSION.read_bytes()
    path = storage / "customers" / "part-1.parquet"
    rows = read_table(path)
    write_parquet(rows.take(list(range(len(rows) - 1, -1, -1))), path)
    pull.main()
    assert paths.PULLED_VERSION.read_bytes() != version  # it was looked at
    assert seen.read_bytes() == before
    write_parquet(rows.set_column(2, "area", pa.array(["west"] * len(rows))), path)
    with pytest.raises(DataError, match=r"'customers' at .*as `make pull` saw it"):
        validate.main()
    pull.main()
    assert seen.read_bytes() != before
    products = storage / "products.parquet"
    rows = read_table(products)
    launched = pa.array([0] * len(rows), pa.timestamp("ns"))
    write_parquet(rows.append_column("launched_on", launched), products)
    with pytest.raises(DataError, match=r"found launched_on \(timestamp\[ns\]\)\. .*microseconds"):
        pull.main()  # which Spark would answer with a stack of its own


def test_customers_are_segmented_and_recommended_to_alike_on_both_engines(
    engine: Engine, spark: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [tmp_path / name for name in ("duckdb", "spark")]
    for one, folder in zip((engine, spark), folders, strict=True):
        folder.mkdir()
        monkeypatch.chdir(folder)
        write_inputs(folder, whole())
        for stage in (segment, recommend):
            monkeypatch.setattr(stage, "open_engine", lambda _, one=one: nullcontext(one))
            stage.main()
    made = ("data/segments", "data/recommendations", "reports/associations", "reports/offers")
    told = compare_folders(folders[0], folders[1], made)
    assert [one.name for one in told if one.differing] == []
    rows = {one.name: one.rows for one in told}
    assert rows["data/segments/customers.parquet"] == 80
    assert rows["data/recommendations/product_lists.parquet"] > 80
    assert rows["reports/associations/hooks.csv"] > 1
    expected, found = (read_json(folder / paths.SEGMENTS_REPORT) for folder in folders)
    assert found == expected


def test_a_wave_is_decided_alike_on_both_engines(
    engine: Engine, spark: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    day = make_company(engine, tmp_path, seed=1)
    params = params_of(decide={"budget": "20.00"}, experiment={"exploration_share": 0.3})
    here, there = (decide.decide(one, params, day) for one in (engine, spark))
    for expected, found, contract in (
        (here.decided, there.decided, NEXT_BEST_OFFERS),
        (here.logged, there.logged, CONTACT_LOG),
        (here.runners_up, there.runners_up, RUNNERS_UP),
    ):
        ours = engine.arrow(expected.select(*contract.names))
        assert_same(ours, spark.arrow(found.select(*contract.names)), contract.keys)
    assert there.reasons == here.reasons
    assert {"over_capacity", "campaign_control", None} <= set(here.reasons)
    assert there.sensitivity == here.sensitivity

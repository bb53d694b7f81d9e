"""A drawn company is the company several times over, and both stages run on it."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from benchmarks.decisions import measure
from benchmarks.wave.drawing import draw_company
from pipeline.foundation import paths
from pipeline.foundation.contracts.outputs import PROPENSITIES, REASONS
from pipeline.foundation.engines import Engine
from pipeline.io.outputs import write_output
from tests.wave_company import CUSTOMERS, ROOT, make_company

COPIES = 3


@pytest.fixture(scope="module")
def drawn(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, target = (tmp_path_factory.mktemp(name) for name in ("company", "drawn"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(source)
        make_company(engine, source, seed=1)
        complete(source)
    assert draw_company(source, target, COPIES) == COPIES * CUSTOMERS
    return target


def complete(project: Path) -> None:
    """Add what `export` reads beside what `decide` does."""
    shutil.copy(ROOT / "params.yaml", project)
    path = paths.table(paths.SCORES, "propensities")
    scores = pd.read_parquet(path)
    figures = dict.fromkeys(("rank", "top_percent", "decile"), 1)
    limits = dict.fromkeys(("propensity_low", "propensity_high"), 0.1)
    scores = scores.assign(score=0.0, base_rate=0.1, model_version="v1", **figures, **limits)
    write_output(scores, path, PROPENSITIES)
    no_reasons = pd.DataFrame({name: [] for name, _ in REASONS.columns})
    for folder in (paths.SCORES, paths.OFFERS):
        write_output(no_reasons, paths.table(folder, "reasons"), REASONS)
    for name in ("up_sell", "cross_sell"):
        champion = paths.champion("simulated", name)
        champion.mkdir(parents=True, exist_ok=True)
        for file in ("verdict.json", "model.json"):
            shutil.copy(ROOT / champion / file, champion / file)
    reports = {
        paths.SOURCE_TABLES: {"missing_tables": []},
        paths.COMPUTED_FAMILIES: {"families": {}, "switched_off": {}},
    }
    for report, content in reports.items():
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(json.dumps(content), encoding="utf-8")


def test_every_copy_of_a_customer_has_a_past_of_its_own(drawn: Path) -> None:
    events = pq.read_table(drawn / paths.table(paths.VALIDATED, "product_events")).to_pandas()
    counts = events["customer_id"].str[:3].value_counts()
    assert sorted(counts.index) == ["000", "001", "002"]
    assert set(counts) == {500}


@pytest.mark.slow
def test_both_stages_run_step_by_step_within_the_limits(drawn: Path) -> None:
    decided = measure("decide", drawn)
    assert {"permit", "list_contacts", "settle_wave", "write_rows"} <= set(decided["steps"])
    assert decided["peak_mb"] > 0
    offers = pd.read_parquet(drawn / paths.table(paths.OFFERS, "next_best_offers"))
    assert len(offers) == COPIES * CUSTOMERS
    offered = offers[offers["arm"].notna()]
    assert 0 < (offered["channel"] == "mail").sum() <= int(0.05 * COPIES * CUSTOMERS)
    assert offered["contact_cost_cents"].sum() <= 0.05 * 100 * COPIES * CUSTOMERS
    assert offered.loc[offered["arm"] == "treated", "offer_code"].is_unique
    assert set(measure("export", drawn)["steps"]) == {
        "read_delivery_inputs",
        "delivery_tables",
        "write generic",
        "write salesforce",
    }
    assert (drawn / paths.EXPORTS / "salesforce" / "manifest.json").exists()

"""features: only what is read later is computed; a family without a row is switched off."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.foundation import config, paths
from pipeline.foundation.config import FeaturesParams, Params
from pipeline.foundation.engines import Engine
from pipeline.stages import features
from tests.ledger import Rows, table
from tests.scoring_day import write_scoring_day
from tests.workspace import ROOT

DAY = date(2025, 3, 1)
STORE_ONLY: dict[str, Rows] = {
    "customers": [{"customer_id": "ana", "signed_up_on": "2023-01-01"}],
    "products": [{"product_id": "tv1", "category": "tv", "tier": 1}],
    "product_events": [
        {
            "customer_id": "ana",
            "product_id": "tv1",
            "kind": "acquired",
            "occurred_at": "2025-02-20 10:00",
        }
    ],
    "interactions": [
        {
            "customer_id": "ana",
            "channel": "store",
            "kind": "visit",
            "occurred_at": "2025-02-20 10:00",
        }
    ],
}


def test_a_family_without_a_row_is_switched_off_and_leaves_no_file(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = FeaturesParams(families=("channel_interactions", "digital_behaviour", "surveys"))
    _lay_out(tmp_path, monkeypatch, [{"category": "tv", "split": "train", "is_eligible": True}])

    features.build(engine, _params(wanted))

    report = json.loads(paths.FEATURES_REPORT.read_text(encoding="utf-8"))
    assert set(report["families"]) == {"channel_interactions"}
    assert report["switched_off"] == {
        "digital_behaviour": "the source's tables say nothing of what it measures",
        "surveys": "the source has no table surveys",
    }
    written = sorted(path.name for path in paths.FEATURES.rglob("*.parquet"))
    assert written == ["channel_interactions.parquet"]


def test_only_the_eligible_have_features_and_at_the_test_everybody(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [
        {"category": "tv", "split": "train", "is_eligible": True},
        {"category": "phones", "split": "train", "is_eligible": False},
        {"category": "coffee", "split": "test", "is_eligible": False},
    ]
    _lay_out(tmp_path, monkeypatch, asked)

    features.build(engine, _params(FeaturesParams(families=("affinity",))))

    found = pd.read_parquet(paths.table(paths.FEATURES / "candidate", "affinity"))
    assert sorted(found["category"]) == ["coffee", "tv"]


def _params(wanted: FeaturesParams) -> Params:
    return config.load(ROOT / paths.PARAMS).model_copy(
        update={"features": wanted, "models": ("cross_sell",)}
    )


def _lay_out(folder: Path, monkeypatch: pytest.MonkeyPatch, asked: Sequence[object]) -> None:
    """Write the tables of `STORE_ONLY`, and whom the population of a day asks."""
    monkeypatch.chdir(folder)
    paths.VALIDATED.mkdir(parents=True)
    paths.POPULATION.mkdir(parents=True)
    for name, rows in STORE_ONLY.items():
        pq.write_table(table(name, rows), paths.table(paths.VALIDATED, name))
    write_scoring_day({name: table(name, rows) for name, rows in STORE_ONLY.items()}, DAY)
    population = pd.DataFrame(asked).assign(customer_id="ana", as_of_date=DAY)
    population.to_parquet(paths.table(paths.POPULATION, "cross_sell"))

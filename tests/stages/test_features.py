"""features: a family that the source's tables say nothing of is switched off, in the open."""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.foundation import config, paths
from pipeline.foundation.config import FeaturesParams
from pipeline.foundation.engines import Engine
from pipeline.stages import features
from tests.ledger import Rows, table
from tests.workspace import ROOT

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
    params = config.load(ROOT / paths.PARAMS)
    wanted = FeaturesParams(families=("channel_interactions", "digital_behaviour", "surveys"))
    params = params.model_copy(update={"features": wanted})
    monkeypatch.chdir(tmp_path)
    paths.VALIDATED.mkdir(parents=True)
    paths.POPULATION.mkdir(parents=True)
    for name, rows in STORE_ONLY.items():
        pq.write_table(table(name, rows), paths.table(paths.VALIDATED, name))
    asked = pd.DataFrame({"customer_id": ["ana"], "category": ["tv"]})
    asked = asked.assign(as_of_date=pd.Timestamp("2025-03-01").date())
    asked.to_parquet(paths.table(paths.POPULATION, "cross_sell"))

    features.build(engine, params)

    report = json.loads(paths.FEATURES_REPORT.read_text(encoding="utf-8"))
    assert set(report["families"]) == {"channel_interactions"}
    assert report["switched_off"] == {
        "digital_behaviour": "the source's tables say nothing of what it measures",
        "surveys": "the source has no table surveys",
    }
    written = sorted(path.name for path in paths.FEATURES.rglob("*.parquet"))
    assert written == ["channel_interactions.parquet"]

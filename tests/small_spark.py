"""What tests of a really started Spark share: how its Java is started, and a company of 60 customers."""

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.foundation import paths
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.tables import raw_tables

ROOT = Path(__file__).parents[1]
NEEDS_JAVA = pytest.mark.skipif(shutil.which("java") is None, reason="no java on the PATH")
SMALL_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m"
"""A Java that lives too short to tune; of its own it would keep 48 MB of code, which fill and are thrown out."""


def write_raw_tables(folder: Path) -> None:
    """Write four tables of 60 customers, with a fault of each kind, and parameters that let them pass."""
    contract = raw_tables({})
    people = [f"c{place}" for place in range(60)]
    days = pd.date_range("2025-01-01 09:00:00", periods=120, freq="D").astype("str").tolist()
    rows: dict[str, dict[str, Any]] = {
        "customers": {"customer_id": [*people, "c7"], "birth_date": ["1980-02-30"] + 60 * [None]},
        "products": {"product_id": ["tv1", "tv2"], "category": "tv", "tier": [1, 2]},
        "product_events": {
            "customer_id": [people[place % 60] for place in range(119)] + ["nobody"],
            "product_id": "tv1",
            "kind": ["acquired"] * 118 + [None, "acquired"],
            "occurred_at": days,
            "amount": "9.99",
        },
        "consents": {
            "customer_id": people,
            "channel": "email",
            "granted": "true",
            "changed_at": days[:60],
        },
    }
    params = yaml.safe_load((ROOT / paths.PARAMS).read_text(encoding="utf-8"))
    params["source"] |= {"name": "files", "customer_attributes": {}}
    params["validate"] |= {"exported_on": "2025-06-01", "min_rows": {}, "max_null_share": {}}
    params["validate"] |= {"max_quarantined_share": 0.5, "max_emptied_share": 1.0}
    (folder / paths.RAW).mkdir(parents=True)
    (folder / paths.PARAMS).write_text(yaml.safe_dump(params), encoding="utf-8")
    for name, columns in rows.items():
        table = conform(pd.DataFrame(columns), contract[name])
        pq.write_table(table, folder / paths.table(paths.RAW, name))

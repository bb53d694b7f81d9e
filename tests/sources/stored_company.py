"""Tables of 60 customers that lie in a storage, with names and types of their own and a fault of each kind."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pipeline.foundation import paths
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.tables import raw_tables
from tests.small_spark import ROOT

DAYS = pd.date_range("2025-01-01 09:00:00", periods=120, freq="D")
OWN: Mapping[str, pd.DataFrame] = {
    "customers": pd.DataFrame(
        {
            "id": [*range(60), 7],
            "born": ["1980-02-30", " 1981-02-28 ", *59 * [None]],
            "area": [" north ", *60 * ["south"]],
            "seen_last": DAYS[:61],
        }
    ),
    "products": pd.DataFrame(
        {"product_id": ["tv1", "tv2"], "category": ["tv", "tv"], "tier": pd.array([1, 2], "int32")}
    ),
    "product_events": pd.DataFrame(
        {
            "buyer": [*(place % 60 for place in range(119)), 99],
            "product_id": "tv1",
            "kind": [*118 * ["acquired"], None, "acquired"],
            "occurred_at": DAYS,
            "amount": 9.99,
        }
    ),
    "consents": pd.DataFrame(
        {
            "customer_id": [str(place) for place in range(60)],
            "channel": "email",
            "granted": True,
            "changed_at": DAYS[:60].tz_localize("UTC").tz_convert("Europe/Madrid"),
        }
    ),
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "customers": {"customer_id": "id", "birth_date": "born", "region": "area"},
    "products": {},
    "product_events": {
        "customer_id": "buyer",
        **{name: name for name in ("product_id", "kind", "occurred_at", "amount")},
    },
    "consents": {},
}


def write_storage(storage: Path) -> None:
    """Write the tables as a file, as parts, as parts in folders, and with the times of older Sparks."""
    for name, rows in OWN.items():
        table = pa.Table.from_pandas(rows, preserve_index=False)
        for place, part in enumerate(
            (table.slice(0, len(table) // 3), table.slice(len(table) // 3))
        ):
            within = f"customers/part-{place}", f"events/year=202{place}/part-{place}"
            where = dict(zip(("customers", "product_events"), within, strict=True)).get(name)
            path = storage / (f"{where}.parquet" if where else f"{name}.parquet")
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(
                part if where else table,
                path,
                use_deprecated_int96_timestamps=name == "product_events",
            )
    (storage / "customers" / "_SUCCESS").touch()


def write_params(folder: Path, storage: Path, engine: Mapping[str, object]) -> None:
    """Write parameters that name the storage and let the tables pass."""
    params = yaml.safe_load((ROOT / paths.PARAMS).read_text(encoding="utf-8"))
    places = {name: storage / f"{name}.parquet" for name in OWN}
    places |= {"customers": storage / "customers", "product_events": storage / "events"}
    tables = {name: {"path": str(places[name]), "columns": dict(COLUMNS[name])} for name in COLUMNS}
    params["source"] |= {"name": "stored", "customer_attributes": {}, "stored": {"tables": tables}}
    params["engine"] |= engine
    params["validate"] |= {"exported_on": "2025-06-01", "min_rows": {}, "max_null_share": {}}
    params["validate"] |= {"max_quarantined_share": 0.5, "max_emptied_share": 1.0}
    (folder / paths.ERASED).mkdir(parents=True)
    (folder / paths.PARAMS).write_text(yaml.safe_dump(params), encoding="utf-8")


def write_raw(folder: Path) -> None:
    """Write the same tables to data/raw as a source that copies rows does."""
    (folder / paths.RAW).mkdir(parents=True)
    for name, rows in OWN.items():
        table = raw_tables({})[name]
        columns = COLUMNS[name] or {one: one for one in rows.columns}
        named = rows[list(columns.values())].set_axis(list(columns), axis="columns")
        pq.write_table(conform(named, table), folder / paths.table(paths.RAW, name))

"""A company of any size in the proportions of the last run: each of its customers several times.

A copy has the customer's whole past under ids of its own, so that rows per customer, categories
and consents are what they are; tables stay sorted by customer.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.snapshot_dates import SnapshotDates
from pipeline.offers.codes import key_fingerprint

OWN = ("customer_id", "household_id", "message_id", "order_id", "survey_id", "email")
"""What tells one customer's rows from another's."""
KEY = "the benchmark's key, which signs nothing"
ROOM = {"mail": 0.05, "phone": 0.02}
"""Of a wave's customers, how many may be reached by a dear channel."""
CATEGORY_ROOM = 0.1
BUDGET = 0.05
"""Money a customer that all contacts of the wave may cost."""
PACKAGES = ("generic", "salesforce")
_TABLES = (
    *(paths.table(paths.SCORES, name) for name in ("propensities", "reasons")),
    paths.EFFECTS,
    paths.table(paths.OFFERS, "reasons"),
    paths.PRODUCT_LISTS,
    paths.PRODUCT_ASSOCIATIONS,
    paths.SEGMENTS,
)
_DOCUMENTS = (paths.SNAPSHOTS, paths.CANDIDATES, paths.SOURCE_TABLES, paths.COMPUTED_FAMILIES)


def draw_company(source: Path, target: Path, copies: int) -> int:
    """Write what `decide` and `export` read into another folder; return the customers there.

    Args:
        source: a project whose stages up to `recommend` have run.
        target: an empty folder.
        copies: of each customer.
    """
    tables = [*(source / paths.VALIDATED).glob("*.parquet"), *(source / path for path in _TABLES)]
    asked = (source / paths.POPULATION).glob("*.parquet")
    scored = [("as_of_date", "=", _scoring_date(source))]
    with ThreadPoolExecutor() as pool:
        drawn = [
            *(pool.submit(_draw, source, target, path, copies) for path in tables if path.exists()),
            *(pool.submit(_draw, source, target, path, copies, scored) for path in asked),
        ]
    for one in drawn:
        one.result()
    champions = (source / paths.CHAMPION).glob("*/*/*.json")
    of_champions = (path.relative_to(source) for path in champions)
    for path in [*_DOCUMENTS, *of_champions]:
        if (source / path).exists():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / path, target / path)
    customers = pq.read_metadata(target / paths.table(paths.VALIDATED, "customers")).num_rows
    (target / paths.PARAMS).write_text(yaml.safe_dump(_params(source, customers)))
    return int(customers)


def _draw(source: Path, folder: Path, path: Path, copies: int, filters: Any = None) -> None:
    """Write copies of personal rows, each under a number; what belongs to nobody stays single."""
    rows, target = pq.read_table(path, filters=filters), folder / path.relative_to(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    numbers = range(copies if "customer_id" in rows.column_names else 1)
    with pq.ParquetWriter(target, rows.schema, compression="zstd") as writer:
        for number in numbers:
            writer.write_table(_rename(rows, f"{number:03d}") if len(numbers) > 1 else rows)


def _rename(rows: pa.Table, prefix: str) -> pa.Table:
    for name in [name for name in OWN if name in rows.column_names]:
        place = rows.column_names.index(name)
        renamed = pc.binary_join_element_wise(prefix, rows[name], "")
        rows = rows.set_column(place, rows.schema.field(name), renamed.cast(rows[name].type))
    return rows


def _params(source: Path, customers: int) -> dict[str, Any]:
    """Return the parameters with limits that bind, codes, and a machine's package."""
    params: dict[str, Any] = yaml.safe_load((source / paths.PARAMS).read_text(encoding="utf-8"))
    decide = params["decide"]
    costs = decide["contact_costs_cents"]
    decide["capacities"] = {
        "models": {},
        "categories": {_widest_category(source): int(CATEGORY_ROOM * customers)},
        "channels": {name: int(ROOM[name] * customers) for name in ROOM if name in costs},
    }
    decide["budget"] = BUDGET * customers
    decide["offer_key"] = key_fingerprint(KEY.encode())
    params["exports"]["profiles"] = list(PACKAGES)
    return params


def _scoring_date(source: Path) -> date:
    text = (source / paths.SNAPSHOTS).read_text(encoding="utf-8")
    return SnapshotDates.model_validate_json(text).scoring


def _widest_category(source: Path) -> str:
    """Return the category that most customers may be offered."""
    scores = source / paths.table(paths.SCORES, "propensities")
    names = pq.read_table(scores, columns=["category"])["category"]
    counts = pc.value_counts(names.combine_chunks()).to_pylist()
    return str(max(counts, key=lambda one: (one["counts"], one["values"]))["values"])

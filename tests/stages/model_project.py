"""A folder as the stages before the models leave it: population and features of a small company."""

import json
import shutil
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.foundation import paths

ROOT = Path(__file__).parents[2]
DATES = (
    (date(2026, 1, 1), "train"),
    (date(2026, 2, 1), "train"),
    (date(2026, 3, 1), "validation"),
    (date(2026, 4, 1), "test"),
    (date(2026, 5, 1), "scoring"),
)
CATEGORIES = ("loan", "mobile", "pet")
KEYS = ["as_of_date", "customer_id", "category"]


def make_project(
    folder: Path, *, customers: int = 700, signal: float = 1.0, seed: int = 1
) -> pd.DataFrame:
    """Write params, customers, population, features and truth of `cross_sell`; return all rows."""
    rows = _rows(customers, signal, seed)
    raw: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    raw["models"] = raw["retraining"]["models"] = ["cross_sell"]
    raw["tune"] |= {"trials": 3, "max_trees": 60, "early_stopping_rounds": 10, "threads": 1}
    raw["train"]["threads"] = 1
    raw["evaluate"]["bootstrap_replicates"] = 40
    (folder / paths.PARAMS).write_text(yaml.safe_dump(raw), encoding="utf-8")
    population = rows[[*KEYS, "split", "is_eligible", "label", "held_tier"]]
    _write(population, folder / paths.table(paths.POPULATION, "cross_sell"))
    _write(past_rates(rows), folder / paths.PAST_RATES)
    by_customer = rows.drop_duplicates(["as_of_date", "customer_id"])
    customer = ["as_of_date", "customer_id"]
    for grain, family, frame in (
        (
            "customer",
            "product_history",
            by_customer[[*customer, *_of(rows, "product_history__days_since_acq")]],
        ),
        ("customer", "socio_demographics", by_customer[[*customer, *_of(rows, "socio")]]),
        (
            "candidate",
            "product_history",
            rows[[*KEYS, "product_history__days_since_category_acquisition"]],
        ),
    ):
        _write(frame, folder / paths.table(paths.FEATURES / grain, family))
    _write(_customers(rows), folder / paths.table(paths.VALIDATED, "customers"))
    _write_reports(folder)
    known = rows.loc[rows["split"] != "scoring", [*KEYS, "truth"]]
    truth = known.rename(columns={"truth": "propensity"}).assign(model="cross_sell")
    _write(truth, folder / paths.table(paths.TRUTH, "propensities"))
    return rows


def past_rates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the past rates: those of the labelled dates, as few as say nothing of a season."""
    asked = rows[rows["is_eligible"] & (rows["split"] != "scoring")]
    counts = asked.groupby(["as_of_date", "category"], as_index=False).agg(
        eligible=("label", "size"), outcomes=("label", "sum")
    )
    return counts.assign(
        model="cross_sell",
        known_on=[day + timedelta(days=28) for day in counts["as_of_date"]],
        eligible=counts["eligible"].astype("int64"),
        outcomes=counts["outcomes"].astype("int64"),
    )


def _customers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the customers with their gender; one in five has no birth date."""
    people = rows.drop_duplicates("customer_id").reset_index(drop=True)
    born = pd.Series([date(1950 + number % 60, 3, 1) for number in range(len(people))])
    return pd.DataFrame(
        {
            "customer_id": people["customer_id"],
            "gender": people["socio_demographics__gender"],
            "birth_date": born.where(people.index % 5 != 0, None),
            "region": "north",
        }
    )


def _write_reports(folder: Path) -> None:
    """Write what the stages before say of themselves."""
    *train, validation, test, scoring = (day.isoformat() for day, _ in DATES)
    dates = {"train": train, "validation": validation, "test": test, "scoring": scoring}
    windows = {"gap_days": 0, "outcome_days": 28}
    asked = {"candidates": [], "left_out": [{"category": "tea", "outcomes": 3}], "rows": {}}
    for path, content in (
        (paths.PROVENANCE, {"source": "simulated", "statement": "A company of a test."}),
        (paths.SNAPSHOTS, {**dates, **windows, "known_customers": 4}),
        (paths.CANDIDATES, {"models": {"cross_sell": asked}}),
        (
            paths.COMPUTED_FAMILIES,
            {"families": {}, "switched_off": {"surveys": "no table surveys"}},
        ),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(content), encoding="utf-8")


def _of(rows: pd.DataFrame, start: str) -> list[str]:
    return [name for name in rows.columns if name.startswith(start)]


def _rows(customers: int, signal: float, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    ids = [f"c{number:05d}" for number in range(customers)]
    keys = pd.MultiIndex.from_product([[day for day, _ in DATES], ids, CATEGORIES], names=KEYS)
    rows = keys.to_frame(index=False)
    count = len(rows)
    per_customer = rows.groupby(["as_of_date", "customer_id"]).ngroup().to_numpy()
    recency = random.exponential(60, per_customer.max() + 1)[per_customer]
    gender = random.choice(["f", "m"], customers)[rows["customer_id"].str[1:].astype(int)]
    held = random.random(count) < 0.2
    since = np.where(held, random.exponential(90, count), np.nan)
    log_odds = -2.2 + signal * (
        1.2 * (recency < 30) + 0.8 * (rows["category"] == "loan") - 0.5 * (gender == "f")
    )
    truth = 1 / (1 + np.exp(-log_odds))
    split = rows["as_of_date"].map(dict(DATES))
    label = pd.Series((random.random(count) < truth) & ~held).astype("Int64")
    return rows.assign(
        split=split,
        is_eligible=~held,
        label=label.mask(split == "scoring"),
        held_tier=pd.Series(np.where(held, 1, 0)).astype("Int64").mask(~held),
        product_history__days_since_acquisition=recency,
        product_history__days_since_category_acquisition=since,
        socio_demographics__gender=gender,
        truth=truth,
    )


def _write(frame: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)


def run_stage(main: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a stage as DVC does, for `cross_sell`."""
    monkeypatch.setattr(sys, "argv", ["stage", "cross_sell"])
    main()


def run_stages(folder: Path, *stages: ModuleType) -> Path:
    """Take a project through stages; return its folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for stage in stages:
            run_stage(stage.main, patch)
    return folder


def enter_copy(source: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy a project and work there, so that a test may change it."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    monkeypatch.chdir(target)
    return target


def change_params(folder: Path, section: str, **changes: object) -> None:
    """Change parameters of one section."""
    path = folder / paths.PARAMS
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    raw[section] |= changes
    path.write_text(yaml.safe_dump(raw), encoding="utf-8")


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

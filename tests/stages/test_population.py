"""population and features of a company that is larger than what is learnt from."""

import json
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.foundation import config, paths
from pipeline.foundation.config import FeaturesParams, Params
from pipeline.foundation.engines import Engine
from pipeline.stages import features, population
from tests.ledger import Rows, table
from tests.workspace import ROOT

DAYS = tuple(date(2025, 1, 31) + timedelta(days=28 * number) for number in range(4))
"""Train, validation, test and scoring."""
CUSTOMERS = [f"c{number:02d}" for number in range(40)]
MOST = 10
COMPANY: dict[str, Rows] = {
    "customers": [{"customer_id": one, "signed_up_on": "2024-01-01"} for one in CUSTOMERS],
    "products": [
        {"product_id": "tv1", "category": "tv", "tier": 1},
        {"product_id": "tea", "category": "tea", "tier": 1, "repurchase_days": 30},
    ],
    "product_events": [
        {"customer_id": one, "product_id": "tea", "kind": "acquired", "occurred_at": moment}
        for one in CUSTOMERS
        for moment in ("2024-06-01", "2025-04-29")
    ]
    # Half of them buy a television in the window of the training date.
    + [
        {"customer_id": one, "product_id": "tv1", "kind": "acquired", "occurred_at": "2025-02-10"}
        for one in CUSTOMERS[::2]
    ],
}


@pytest.fixture
def params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Params:
    loaded = config.load(ROOT / paths.PARAMS)
    monkeypatch.chdir(tmp_path)
    paths.VALIDATED.mkdir(parents=True)
    for name, rows in COMPANY.items():
        pq.write_table(table(name, rows), paths.table(paths.VALIDATED, name))
    dates = {"as_of_dates": DAYS[:3], "scoring_as_of_date": DAYS[3], "most_customers": MOST}
    return loaded.model_copy(
        update={
            "models": ("cross_sell",),
            "snapshots": loaded.snapshots.model_copy(update=dates),
            "features": FeaturesParams(families=("affinity", "product_history")),
        }
    )


def customers_by_day(path: Path) -> dict[date, set[str]]:
    rows = pd.read_parquet(path, columns=["as_of_date", "customer_id"])
    return {day: set(rows.loc[rows["as_of_date"] == day, "customer_id"]) for day in DAYS}


def test_a_draw_is_learnt_from_and_everybody_is_counted_tested_and_scored(
    engine: Engine, params: Params
) -> None:
    population.build(engine, params)

    asked = customers_by_day(paths.table(paths.POPULATION, "cross_sell"))
    train, validation, test, scoring = (asked[day] for day in DAYS)
    assert 0 < len(train) < len(CUSTOMERS) / 2
    assert validation == train
    assert test == scoring == set(CUSTOMERS)
    counted = json.loads(paths.POPULATION_REPORT.read_text(encoding="utf-8"))
    # Everybody could be asked about a television; about tea nobody bought any to learn from.
    assert counted["models"]["cross_sell"]["rows"]["train"] == {
        "all": 40,
        "eligible": 40,
        "positives": 20,
    }


def test_the_past_has_features_of_the_draw_alone_and_shares_are_theirs(
    engine: Engine, params: Params
) -> None:
    population.build(engine, params)
    features.build(engine, params)

    drawn = customers_by_day(paths.table(paths.POPULATION, "cross_sell"))[DAYS[0]]
    for grain, family in (("candidate", "affinity"), ("customer", "product_history")):
        found = customers_by_day(paths.table(paths.FEATURES / grain, family))
        assert found[DAYS[0]] == drawn
        assert found[DAYS[1]] <= drawn
        assert found[DAYS[2]] == set(CUSTOMERS)
    rows = pd.read_parquet(paths.table(paths.FEATURES / "candidate", "affinity"))
    televisions = rows[rows["category"] == "tv"].groupby("as_of_date")["affinity__popularity"]
    buyers = {*CUSTOMERS[::2]}
    assert televisions.min()[DAYS[1]] == televisions.max()[DAYS[1]]
    assert televisions.max()[DAYS[1]] == pytest.approx(len(drawn & buyers) / len(drawn))
    assert televisions.max()[DAYS[2]] == pytest.approx(0.5)


def test_with_nobody_left_out_nothing_is_drawn(engine: Engine, params: Params) -> None:
    everybody = params.snapshots.model_copy(update={"most_customers": None})
    population.build(engine, params.model_copy(update={"snapshots": everybody}))

    asked = customers_by_day(paths.table(paths.POPULATION, "cross_sell"))
    assert asked[DAYS[0]] == set(CUSTOMERS)

"""The true propensities are those of the labels, told here once more from the ledger alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from pipeline.foundation import config
from pipeline.foundation.config import MODEL_NAMES, SimulatedParams
from pipeline.sources import read_source
from pipeline.sources.simulated.timeline import PERIOD_DAYS, date_of
from tests.sources.gathering import gather

PERIODS = 15
KEYS = ["as_of_date", "customer_id", "category"]
Model = Literal["up_sell", "cross_sell"]


@dataclass(frozen=True)
class World:
    """The truth, and beside it what the ledger says."""

    truth: pd.DataFrame
    population: pd.DataFrame
    """as_of_date × known customer × category: held tier, top tier, acquired tier; 0 is none."""

    def outcomes(self, model: Model) -> pd.DataFrame:
        """Return the eligible rows of a labelled date with their label and propensity."""
        asked = self.population
        if model == "cross_sell":
            eligible, label = asked["held"] == 0, asked["acquired"] > 0
        else:
            eligible = (asked["held"] > 0) & (asked["held"] < asked["top"])
            label = asked["acquired"] > asked["held"]
        rows = asked.assign(label=label.astype(int))[eligible]
        truth = self.truth[self.truth["model"] == model]
        labelled = truth[truth["as_of_date"] < truth["as_of_date"].max()]
        return rows.merge(labelled, on=KEYS, how="outer", indicator=True)


@pytest.fixture(scope="module")
def world() -> World:
    simulated = SimulatedParams(customers=4000, periods=PERIODS, seed=9, dirty_share=0.0)
    update = {"name": "simulated", "simulated": simulated}
    data = gather(read_source(config.load().source.model_copy(update=update)))
    truth = data.truth["propensities"].to_pandas()
    truth["as_of_date"] = pd.to_datetime(truth["as_of_date"])
    tables = {
        name: data.tables[name].to_pandas() for name in ("customers", "products", "product_events")
    }
    dates = sorted(truth["as_of_date"].unique())[:-1]
    return World(truth, pd.concat(_look(tables, dates), ignore_index=True))


def _look(tables: dict[str, pd.DataFrame], dates: list[pd.Timestamp]) -> Iterator[pd.DataFrame]:
    products = tables["products"]
    events = tables["product_events"].merge(products, on="product_id")
    for day in dates:
        offered = (
            products["launched_on"].isna() | (pd.to_datetime(products["launched_on"]) <= day)
        ) & (products["retired_on"].isna() | (pd.to_datetime(products["retired_on"]) > day))
        top = products[offered].groupby("category")["tier"].max().rename("top")
        signed_up = pd.to_datetime(tables["customers"]["signed_up_on"])
        known = tables["customers"].loc[signed_up < day, ["customer_id"]]
        window = events[
            (events["kind"] == "acquired")
            & (events["occurred_at"] >= day)
            & (events["occurred_at"] < day + timedelta(days=PERIOD_DAYS))
        ]
        grain = ["customer_id", "category"]
        asked = known.merge(top.reset_index(), how="cross").set_index(grain)
        asked["held"] = _held(events[events["occurred_at"] < day], day)
        asked["acquired"] = window.groupby(grain)["tier"].max()
        yield asked.fillna(0).astype(int).reset_index().assign(as_of_date=day)


def _held(past: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[int]":
    acquired = past[past["kind"] == "acquired"]
    keys = ["customer_id", "product_id", "category", "tier"]
    last = acquired.groupby(keys, as_index=False).agg(
        acquired_at=("occurred_at", "max"), days=("repurchase_days", "first")
    )
    ended = past[past["kind"] != "acquired"].groupby(keys)["occurred_at"].max().rename("ended_at")
    last = last.merge(ended.reset_index(), on=keys, how="left")
    runs_out = last["acquired_at"] + pd.to_timedelta(last["days"].fillna(36_500), unit="D")
    is_over = (last["ended_at"] > last["acquired_at"]) | (runs_out <= day)
    return last[~is_over].groupby(["customer_id", "category"])["tier"].max()


def test_truth_covers_the_last_fourteen_period_starts(world: World) -> None:
    expected = [pd.Timestamp(date_of(period)) for period in range(PERIODS - 13, PERIODS + 1)]
    for model in MODEL_NAMES:
        rows = world.truth[world.truth["model"] == model]
        assert sorted(rows["as_of_date"].unique()) == expected
    assert not world.truth.duplicated(["model", *KEYS]).any()


@pytest.mark.parametrize("model", MODEL_NAMES)
def test_truth_is_told_of_the_eligible_and_of_nobody_else(world: World, model: Model) -> None:
    rows = world.outcomes(model)
    assert len(rows) > 50_000
    assert (rows["_merge"] == "both").mean() > 0.9999  # an order known after the end is not there


@pytest.mark.parametrize("model", MODEL_NAMES)
def test_labels_happen_as_often_as_the_truth_says(world: World, model: Model) -> None:
    rows = world.outcomes(model).query("_merge == 'both'")
    for _, group in [("all", rows), *rows.groupby("category")]:
        expected = group["propensity"].sum()
        spread = np.sqrt((group["propensity"] * (1 - group["propensity"])).sum())
        assert abs(group["label"].sum() - expected) < 4 * spread


@pytest.mark.parametrize("model", MODEL_NAMES)
def test_labels_happen_as_often_as_the_truth_says_at_every_level(
    world: World, model: Model
) -> None:
    rows = world.outcomes(model).query("_merge == 'both'")
    tenth = pd.qcut(rows["propensity"], 10)
    for _, group in rows.groupby(tenth, observed=True):
        spread = np.sqrt((group["propensity"] * (1 - group["propensity"])).sum())
        assert abs(group["label"].sum() - group["propensity"].sum()) < 4 * spread


@pytest.mark.parametrize("model", MODEL_NAMES)
def test_the_future_can_be_told_well_but_not_too_well(world: World, model: Model) -> None:
    rows = world.outcomes(model).query("_merge == 'both'")
    assert 0.78 < roc_auc_score(rows["label"], rows["propensity"]) < 0.90


@pytest.mark.parametrize("model", MODEL_NAMES)
def test_base_rates_are_those_of_a_company(world: World, model: Model) -> None:
    rates = world.outcomes(model).query("_merge == 'both'").groupby("category")["propensity"].mean()
    assert len(rates) == {"cross_sell": 12, "up_sell": 10}[model]
    assert rates.between(0.005, 0.08).all()

"""What each question does to rows, on tables small enough to see through."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.examples import Examples
from pipeline.population.dates import OutcomeWindow
from pipeline.studies import pooled, refit, split
from pipeline.studies.families import variants_of
from pipeline.studies.fitting import Procedure
from pipeline.studies.panel import Panel

DAYS = [date(2026, 1, 1), date(2026, 1, 29), date(2026, 2, 26)]
PROCEDURE = Procedure(
    BoostingParams(num_leaves=4, min_sum_hessian_in_leaf=1.0), 40, 5, 1, 1, Resampling(30, 1)
)


def panel(
    customers: int = 600, *, contrary: bool = False, remembered: float = 0.0, turns: bool = False
) -> Panel:
    """Return three dates of customers asked about two categories.

    `contrary`: what speaks for the one category speaks against the other.
    `remembered`: how strongly a trait of the customer, which a feature names, moves the outcome.
    `turns`: on the last date, which a feature names, everything is the other way round.
    """
    random = np.random.default_rng(2)
    count = len(DAYS) * customers * 2
    customer = np.tile(np.repeat(np.arange(customers), 2), len(DAYS))
    category = np.tile(["loan", "tv"], count // 2)
    x = random.normal(size=count)
    sign = np.where((category == "tv") & contrary, -1, 1)
    trait = random.normal(size=customers)[customer]
    is_last = np.repeat([False, False, True], 2 * customers)
    log_odds = -1.5 + np.where(turns & is_last, -1, 1) * sign * x + remembered * trait
    features = pd.DataFrame(
        {
            "category": pd.Categorical(category),
            "a__x": x.astype("float32"),
            "a__is_last": is_last.astype("float32"),
            "b__who": random.normal(size=customers)[customer].astype("float32"),
        }
    )
    labels = (random.random(count) < 1 / (1 + np.exp(-log_odds))).astype(float)
    dates = np.repeat(np.array(DAYS, dtype="datetime64[D]"), 2 * customers)
    return Panel(Examples(features, labels, np.ones(count), customer), dates, OutcomeWindow(0, 28))


def test_each_family_is_left_out_once_and_alone_once_and_the_category_always_stays() -> None:
    variants = variants_of(["category", "a__x", "a__y__7d", "b__z"])
    assert variants == {
        "all": ["category", "a__x", "a__y__7d", "b__z"],
        "without a": ["category", "b__z"],
        "without b": ["category", "a__x", "a__y__7d"],
        "only a": ["category", "a__x", "a__y__7d"],
        "only b": ["category", "b__z"],
        "none": ["category"],
    }


def test_a_category_with_too_few_outcomes_is_named_and_left_to_the_pooled_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pooled, "MIN_POSITIVES", 10_000)
    found = pooled.answer(panel(100), PROCEDURE)
    assert found.facts["too_few_outcomes"] == ["loan", "tv"]
    whole = found.tables[""].set_index("scorer")
    assert whole.loc["separate", "log_loss_difference"] == 0
    assert "Neither wins" in found.page


def test_a_model_a_category_is_measured_over_all_and_for_each() -> None:
    found = pooled.answer(panel(contrary=True), PROCEDURE).tables[""]
    assert found["category"].tolist() == ["all categories"] * 2 + ["loan"] * 2 + ["tv"] * 2
    by_category = found[found["category"] != "all categories"]
    assert (by_category["auc"] > 0.6).all()


def test_a_random_split_hides_that_the_future_may_differ() -> None:
    inflation = split.answer(panel(300, turns=True), PROCEDURE).facts["auc_inflation"]
    assert min(inflation.values()) > 0.2


def test_a_random_split_of_rows_recognises_the_customers_it_has_seen() -> None:
    eager = BoostingParams(num_leaves=31, min_data_in_leaf=2, min_sum_hessian_in_leaf=0.1)
    procedure = replace(PROCEDURE, params=eager, max_trees=150, patience=50)
    inflation = split.answer(panel(300, remembered=3.0), procedure).facts["auc_inflation"]
    assert inflation["random_rows"] > inflation["random_customers"] + 0.05


def test_a_random_split_of_customers_keeps_all_rows_of_a_customer_together() -> None:
    rows = panel(200)
    parts = split.splits_of(rows, rows.origins()[-1], seed=1)
    by_customer = pd.Series(parts["random_customers"]).groupby(rows.examples.groups)
    assert by_customer.nunique().max() == 1
    assert pd.Series(parts["random_rows"]).groupby(rows.examples.groups).nunique().max() == 3
    test_rows = parts["out_of_time"] == split.TEST
    assert set(rows.dates[test_rows].tolist()) == {DAYS[2]}


def test_a_refitted_model_is_compared_at_every_date_and_over_all() -> None:
    found = refit.answer(panel(), PROCEDURE)
    assert found.tables["mean"]["scorer"].tolist() == ["refitted", "refitted_curve_kept"]
    by_date = found.tables[""]
    assert by_date.loc[by_date["scorer"] == "frozen", "log_loss_difference"].tolist() == [0.0]
    refitted = by_date[by_date["scorer"] == "refitted"].iloc[0]
    assert refitted["log_loss_difference"] == found.tables["mean"]["log_loss_difference"].iloc[0]
    assert 0.7 < refitted["calibration_slope"] < 1.3

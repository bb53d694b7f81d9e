"""The limit where it is known: outcomes that come half from a feature, half from what none tells."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.foundation.errors import DataError
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.examples import Examples
from pipeline.population.dates import OutcomeWindow
from pipeline.studies import limit
from pipeline.studies.answer import Answer
from pipeline.studies.fitting import Procedure
from pipeline.studies.panel import Panel

DAYS = [date(2026, 1, 1), date(2026, 1, 29), date(2026, 2, 26)]
PROCEDURE = Procedure(BoostingParams(), 40, 5, 1, 1, Resampling(30, 1), segments="category")
PARTS = list(limit.PARTS)


def panel(*, sees_latent: bool = False, level: float = 0.0, customers: int = 1500) -> Panel:
    """Return three dates of customers asked about two categories.

    A trait of the customer, lasting and like the feature in strength, moves the outcome too.

    Args:
        sees_latent: the trait is a feature as well.
        level: by how much the log-odds of one category are higher on the last date.
        customers: asked on every date.
    """
    random = np.random.default_rng(2)
    count = len(DAYS) * customers * 2
    customer = np.tile(np.repeat(np.arange(customers), 2), len(DAYS))
    category = np.tile(["loan", "tv"], count // 2)
    is_last = np.repeat([False, False, True], 2 * customers)
    seen, trait = random.normal(size=count), random.normal(size=customers)[customer]
    log_odds = -1.5 + seen + trait + level * (is_last & (category == "tv"))
    truth = 1 / (1 + np.exp(-log_odds))
    features = pd.DataFrame(
        {
            "category": pd.Categorical(category),
            "a__seen": seen.astype("float32"),
            # Who it is, which lets trees recognise a customer and tells nothing of another.
            "a__who": random.normal(size=customers)[customer].astype("float32"),
        }
    )
    if sees_latent:
        features["a__trait"] = trait.astype("float32")
    labels = (random.random(count) < truth).astype(float)
    dates = np.repeat(np.array(DAYS, dtype="datetime64[D]"), 2 * customers)
    base = np.full(count, truth.mean())
    predicted = {"truth": truth, "model": np.sqrt(base * truth), "base_rate": base}
    examples = Examples(features, labels, np.ones(count), customer)
    return Panel(examples, dates, OutcomeWindow(0, 28), predicted)


def shares(found: Answer, figure: str = "log_loss") -> pd.Series:
    return found.tables[""].set_index("part")[f"{figure}_share"]


def test_the_parts_add_up_to_the_way_from_base_rate_to_truth() -> None:
    found = limit.answer(panel(), PROCEDURE)
    assert shares(found).index.tolist() == PARTS
    for figure in limit.FIGURES:
        assert shares(found, figure).sum() == pytest.approx(1, abs=1e-5)


def test_what_no_feature_tells_is_told_apart_from_what_was_not_learnt() -> None:
    rows = panel()
    untold = shares(limit.answer(rows, PROCEDURE))["not told by the features"]
    assert untold == pytest.approx(_untold_by_hand(rows), abs=0.05)


def _untold_by_hand(rows: Panel) -> float:
    """Return the share that is lost by knowing the feature and the interval_columns of the trait alone."""
    truth, base = rows.predicted["truth"], rows.predicted["base_rate"]
    seen = rows.examples.features["a__seen"].to_numpy(dtype=float)
    trait = np.random.default_rng(9).normal(size=2000)
    known = np.array([(1 / (1 + np.exp(1.5 - one - trait))).mean() for one in seen])
    entropy, of_known, of_base = (
        (-truth * np.log(predicted) - (1 - truth) * np.log1p(-predicted)).mean()
        for predicted in (truth, known, base)
    )
    return float((of_known - entropy) / (of_base - entropy))


def test_trees_that_see_the_latent_state_reach_the_truth() -> None:
    found = limit.answer(panel(sees_latent=True), PROCEDURE)
    assert shares(found)["not told by the features"] < 0.05
    assert shares(found, "average_precision")["not told by the features"] < 0.05


def test_a_level_that_only_the_test_date_has_is_a_part_of_its_own() -> None:
    same = shares(limit.answer(panel(), PROCEDURE))["lost to the level of the test date"]
    moved = shares(limit.answer(panel(level=1.5), PROCEDURE))["lost to the level of the test date"]
    assert abs(same) < 0.02
    assert moved > 0.1


def test_rows_whose_truth_is_not_known_are_left_out() -> None:
    rows = panel(customers=600)
    truth = rows.predicted["truth"].copy()
    truth[-5:] = np.nan
    found = limit.answer(replace(rows, predicted={**rows.predicted, "truth": truth}), PROCEDURE)
    assert found.facts["rows"] == 2 * 600 - 5
    assert found.tables["figures"]["log_loss"].notna().all()


def test_a_source_that_tells_no_truth_is_refused() -> None:
    with pytest.raises(DataError, match=r"no truth, model, base_rate.*simulated"):
        limit.answer(replace(panel(customers=50), predicted={}), PROCEDURE)

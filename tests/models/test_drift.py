import json
from dataclasses import replace

import numpy as np
import pytest

from pipeline.models.drift import Reference, drift_from, reference_of
from pipeline.models.estimators.boosted_trees import fit_boosted_trees
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.examples import sample_negatives
from pipeline.models.propensity_model import PropensityModel, calibrate_core
from pipeline.statistics.psi import REFERENCE_ROWS
from tests.models.tables import table

TRAIN = table(4000, 1).examples


@pytest.fixture(scope="module")
def model() -> PropensityModel:
    core = fit_boosted_trees(TRAIN, BoostingParams(num_leaves=6), 30, seed=1, threads=1)
    return calibrate_core("cross_sell", core, TRAIN, table(4000, 2).examples, {})


def test_rows_like_those_of_the_fit_have_not_moved(model: PropensityModel) -> None:
    today = table(4000, 3).examples.features
    drift = drift_from(reference_of(model, TRAIN, 1), model.propensity(today), today)
    assert drift["score"] < 0.05
    assert all(one["psi"] < 0.05 for one in drift["features"])


def test_scores_that_double_are_told(model: PropensityModel) -> None:
    today = table(4000, 3).examples.features
    drift = drift_from(reference_of(model, TRAIN, 1), 2 * model.propensity(today), today)
    assert drift["score"] > drift["limit"] == 0.25


def test_sampled_negatives_count_for_those_that_were_left_out(model: PropensityModel) -> None:
    sampled = sample_negatives(TRAIN, TRAIN.positives * 4, 1)
    whole = TRAIN.features
    assert len(sampled) < len(TRAIN) / 2
    counted = drift_from(reference_of(model, sampled, 1), model.propensity(whole), whole)
    uncounted = replace(sampled, weights=np.ones(len(sampled)))
    careless = drift_from(reference_of(model, uncounted, 1), model.propensity(whole), whole)
    assert counted["score"] < 0.02 < careless["score"]


def test_a_saved_reference_reads_back_as_the_same(model: PropensityModel) -> None:
    made = reference_of(model, TRAIN, 1)
    assert Reference.from_json(json.loads(json.dumps(made.to_json()))) == made


def test_many_rows_are_sampled_alike_each_time(model: PropensityModel) -> None:
    rows = np.arange(REFERENCE_ROWS + 4000, dtype=np.int64) % len(TRAIN)
    many = TRAIN.take(rows)
    assert reference_of(model, many, 1) == reference_of(model, many, 1)
    assert reference_of(model, many, 1) != reference_of(model, many, 2)

import numpy as np
import pandas as pd
import pytest

from pipeline.effects.comparison import compare_arms
from pipeline.effects.doubly_robust import relative_effect
from pipeline.effects.nuisance import Fitting
from pipeline.effects.rows import treatment_rows
from pipeline.foundation.errors import DataError
from tests.effects.tables import confounded


def test_without_overlap_an_arm_is_refused_with_its_reason() -> None:
    side = np.repeat([0, 1], 400)
    features = pd.DataFrame({"side": side + 0.0})
    outcomes = np.tile([0, 1], 400)
    rows, overlaps, _ = compare_arms(treatment_rows(features, side, outcomes), Fitting())
    assert len(rows) == 0
    assert overlaps["treated"].refusal is not None
    assert "no overlap" in overlaps["treated"].refusal


def test_an_arm_of_few_rows_is_refused_and_the_others_stand() -> None:
    rng = np.random.default_rng(1)
    treatment = np.array([1] * 300 + [2] * 4 + [0] * 700)
    rows = treatment_rows(
        pd.DataFrame({"x": rng.normal(size=1004)}),
        treatment,
        rng.random(1004) < 0.3,
        arms=("often", "rarely"),
    )
    found, overlaps, _ = compare_arms(rows, Fitting())
    assert overlaps["rarely"].refusal == "4 treated beside 700 comparable untreated rows"
    assert overlaps["often"].refusal is None
    assert set(found.arm) == {1}


def test_constant_missing_and_text_columns_are_taken_as_they_are() -> None:
    rows, _ = confounded(1, 0.3)
    rng = np.random.default_rng(1)
    features = rows.features.assign(
        gaps=np.where(rng.random(len(rows)) < 0.5, np.nan, 1.0),
        empty=np.nan,
        place=pd.Categorical(rng.choice(["a", "b"], len(rows))).set_categories(["a"]),
        word=pd.Series(rng.choice(["x", "y"], len(rows)), dtype="str"),
    )
    again = treatment_rows(features, rows.treatment, rows.outcomes)
    found = relative_effect(compare_arms(again, Fitting(1))[0])
    assert np.isfinite([found.value, found.error]).all()


def test_cells_in_which_nobody_was_treated_are_left_out() -> None:
    rows, _ = confounded(1, 0.3)
    cells = np.arange(len(rows)) % 4
    only = rows.treatment * (cells < 2)
    found, _, _ = compare_arms(
        treatment_rows(rows.features, only, rows.outcomes).within(cells), Fitting(1)
    )
    assert set(found.cells) == {0, 1}  # in the other cells nobody was treated


def test_rows_of_which_it_is_not_known_what_was_done_are_refused() -> None:
    with pytest.raises(DataError, match="1 other treatments, 1 outcomes missing"):
        treatment_rows(pd.DataFrame({"x": [1.0, 2.0]}), [1, np.nan], [np.nan, 1])

"""Texts may come as categories, strings or objects, numbers with gaps: the answer is the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.commands.model_input import add_levels
from pipeline.models.calibration.segment_shift import SegmentShifts
from pipeline.tracking.served_model import load_served, predict
from tests.tracking.models import base_rate, examples, save, trees


def test_texts_of_every_kind_mean_the_same(tmp_path: Path) -> None:
    rows = examples(9).features
    rows = rows.assign(category=rows["category"].where(rows.index != 3))
    for model in (trees(2), base_rate(1)):
        served = load_served(save(model, tmp_path / model.name).folder)
        for kind in ("category", "str", "object"):
            found = predict(served, rows.assign(category=rows["category"].astype(kind)))
            assert np.array_equal(found["score"], model.score(rows))
            assert np.array_equal(found["propensity"], model.propensity(rows))


def test_one_row_in_which_nothing_is_known_is_answered(tmp_path: Path) -> None:
    served = load_served(save(trees(2), tmp_path).folder)
    empty = pd.DataFrame({"visits": [None], "category": [None]}, dtype="object")
    found = predict(served, empty)
    assert found["propensity"].between(0, 1).all()


def test_a_column_of_shifts_puts_the_categories_where_todays_levels_are(tmp_path: Path) -> None:
    model, rows = trees(2), examples(9).features
    names = sorted(rows["category"].dropna().astype("object").unique())
    raised = SegmentShifts("category", dict.fromkeys(names, 0.0) | {names[0]: 0.5}, {names[0]: 0.1})
    levelled = replace(model, shifts=raised)
    served = load_served(save(model, tmp_path).folder)
    found = predict(served, add_levels(rows, levelled))
    assert np.array_equal(found["propensity"], levelled.propensity(rows))
    is_first = (rows["category"] == names[0]).to_numpy()
    moved = found["propensity"] > model.propensity(rows)
    assert moved[is_first].all()
    assert np.allclose(found["propensity"][~is_first], model.propensity(rows)[~is_first])


def test_columns_that_the_model_does_not_read_change_nothing(tmp_path: Path) -> None:
    served = load_served(save(trees(2), tmp_path).folder)
    rows = examples(9).features
    more = rows.assign(other=1)[["other", "category", "visits"]]
    assert predict(served, more).equals(predict(served, rows))

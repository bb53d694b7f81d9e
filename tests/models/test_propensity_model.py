import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.foundation.errors import DataError
from pipeline.models.estimators.boosted_trees import fit_boosted_trees
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.propensity_model import PropensityModel, calibrate_core, to_text, version_of
from pipeline.models.scorers import load_scorer
from tests.models.tables import table


def model(trees: int = 30) -> PropensityModel:
    train, held_out = table(4000, 1).examples, table(4000, 2).examples
    core = fit_boosted_trees(train, BoostingParams(num_leaves=6), trees, seed=1, threads=1)
    return calibrate_core("cross_sell", core, train, held_out, {"rows": len(train)})


def test_a_saved_model_reads_back_as_the_same_model(tmp_path: Path) -> None:
    saved = model()
    saved.save(tmp_path)
    read = load_scorer(tmp_path)
    features = table(300, 3).examples.features
    assert np.array_equal(read.propensity(features), saved.propensity(features))
    assert read.files() == saved.files()
    assert read.version == saved.version


def test_the_folder_holds_text_only(tmp_path: Path) -> None:
    model().save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "booster.txt",
        "calibrator.json",
        "model.json",
    ]


def test_training_twice_gives_the_same_bytes() -> None:
    assert model().files() == model().files()


def test_another_number_of_trees_is_another_version() -> None:
    assert model(30).version != model(31).version


def test_a_changed_file_is_found_out(tmp_path: Path) -> None:
    model().save(tmp_path)
    path = tmp_path / "calibrator.json"
    path.write_text(
        to_text(json.loads(path.read_text("utf-8")) | {"c": 0.5, "method": "platt"}), "utf-8"
    )
    with pytest.raises(DataError, match="files of version"):
        load_scorer(tmp_path)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a model in .*; found no model\.json"):
        load_scorer(tmp_path)


def test_an_unknown_kind_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(to_text({"kind": "logistics"}), encoding="utf-8")
    with pytest.raises(DataError, match=r"'logistics' in .*Did you mean 'logistic'"):
        load_scorer(tmp_path)


def test_stated_propensities_come_true() -> None:
    test = table(20_000, 4)
    stated = model().propensity(test.examples.features)
    for low, high in ((0.0, 0.05), (0.05, 0.1), (0.1, 0.2), (0.2, 0.5)):
        rows = (stated >= low) & (stated < high)
        assert stated[rows].mean() == pytest.approx(test.truth[rows].mean(), rel=0.2)


def test_the_version_does_not_depend_on_the_order_of_the_files() -> None:
    assert version_of({"a": "1", "b": "2"}) == version_of({"b": "2", "a": "1"})
    assert version_of({"a": "1", "b": "2"}) != version_of({"a": "12", "b": ""})

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.foundation import paths
from pipeline.foundation.errors import ConfigurationError
from pipeline.models.scorers import load_scorer
from pipeline.stages import evaluate, train, tune
from tests.stages.model_project import (
    change_params,
    enter_copy,
    files_of,
    make_project,
    run_stage,
    run_stages,
)


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    make_project(folder, customers=1200)
    return run_stages(folder, tune, train, evaluate)


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_predictions_hold_every_test_row_and_a_column_for_every_scorer(evaluated: Path) -> None:
    predictions = pd.read_parquet(
        evaluated / paths.table(paths.EVALUATION / "cross_sell", "predictions")
    )
    population = pd.read_parquet(evaluated / paths.table(paths.POPULATION, "cross_sell"))
    assert len(predictions) == (population["split"] == "test").sum()
    assert predictions["is_eligible"].sum() < len(predictions)
    assert (
        predictions[["propensity", "base_rate", "recency", "logistic", "truth"]]
        .notna()
        .all(axis=None)
    )
    assert predictions[["rfm", "association"]].isna().all(axis=None)


def test_figures_are_those_of_the_eligible_rows(evaluated: Path) -> None:
    predictions = pd.read_parquet(
        evaluated / paths.table(paths.EVALUATION / "cross_sell", "predictions")
    )
    eligible = predictions[predictions["is_eligible"]]
    figures = read(evaluated / paths.METRICS / "cross_sell.json")
    assert figures["rows"] == len(eligible)
    assert figures["positives"] == eligible["label"].sum()
    assert figures["base_rate"] == pytest.approx(eligible["label"].mean(), abs=1e-6)
    assert figures["naive_auc"] != figures["auc"]


def test_the_headline_is_flat_and_of_numbers(evaluated: Path) -> None:
    figures = read(evaluated / paths.METRICS / "cross_sell.json")
    assert all(isinstance(value, float | int) for value in figures.values())


def test_every_figure_lies_between_its_limits(evaluated: Path) -> None:
    report = read(evaluated / paths.EVALUATION_REPORTS / "cross_sell.json")
    assert set(report["scorers"]) == {"model", "base_rate", "recency", "logistic", "truth"}
    for scorer, found in report["scorers"].items():
        for name in ("auc", "average_precision", "log_loss", "ece", "lift_at_10"):
            figure = found[name]
            assert figure["low"] <= figure["value"] <= figure["high"], (scorer, name)


def test_the_truth_is_the_ceiling_and_the_base_rate_the_floor(evaluated: Path) -> None:
    report = read(evaluated / paths.EVALUATION_REPORTS / "cross_sell.json")
    losses = {name: found["log_loss"]["value"] for name, found in report["scorers"].items()}
    assert losses["truth"] < losses["base_rate"]
    share = report["achievable_gain_share"]["log_loss"]["value"]
    expected = (losses["base_rate"] - losses["model"]) / (losses["base_rate"] - losses["truth"])
    assert share == pytest.approx(expected, abs=1e-3)


def test_every_category_has_its_figures_and_they_add_up(evaluated: Path) -> None:
    report = read(evaluated / paths.EVALUATION_REPORTS / "cross_sell.json")
    assert set(report["by_category"]) == {"loan", "mobile", "pet"}
    assert sum(one["rows"] for one in report["by_category"].values()) == report["rows"]


def test_stated_and_observed_rates_stand_side_by_side_in_every_part(evaluated: Path) -> None:
    found = read(evaluated / paths.EVALUATION_REPORTS / "cross_sell.json")
    parts = found["calibration"]
    assert [one["part"] for one in parts["decile"]] == list(range(1, 11))
    assert [one["part"] for one in parts["category"]] == ["loan", "mobile", "pet"]
    assert parts["tier"] == []  # the eligible of cross-sell hold nothing
    for kind in ("decile", "category"):
        assert sum(one["rows"] for one in parts[kind]) == found["rows"]
        assert sum(one["positives"] for one in parts[kind]) == found["positives"]
    plot = pd.read_csv(evaluated / paths.PLOTS / "cross_sell" / "calibration_by_part.csv")
    assert plot["part"].tolist()[:2] == ["decile 01", "decile 02"]


def test_declared_groups_have_their_figures_with_limits(evaluated: Path) -> None:
    groups = read(evaluated / paths.EVALUATION_REPORTS / "cross_sell.json")["groups"]
    assert sorted(groups) == ["age_band", "gender", "region"]
    assert [one["value"] for one in groups["gender"]] == ["f", "m"]
    assert "unknown" in [one["value"] for one in groups["age_band"]]
    (everybody,) = groups["region"]
    assert everybody["selection_rate"]["value"] == pytest.approx(0.1, abs=0.002)
    women, men = groups["gender"]  # of equal others, a man is likelier: see model_project
    picked = men["selection_rate"]
    assert women["selection_rate"]["value"] < 0.1 < picked["low"] < picked["value"]


def test_the_strongest_features_are_named_with_what_they_are_worth_alone(evaluated: Path) -> None:
    found = read(evaluated / paths.EVALUATION_REPORTS / "cross_sell.json")
    first = found["strongest_features"][0]
    assert first["feature"] == "product_history__days_since_acquisition"
    assert 0.55 < first["auc"] < found["scorers"]["model"]["auc"]["value"]


def test_it_is_told_how_far_the_scores_and_the_strongest_features_have_moved(
    evaluated: Path,
) -> None:
    found = read(evaluated / paths.EVALUATION_REPORTS / "cross_sell.json")
    drift = found["drift"]
    strongest = [one["feature"] for one in found["strongest_features"]]
    assert [one["feature"] for one in drift["features"]] == strongest
    assert drift["score"] < 0.1  # every month of this company is like the others
    assert read(evaluated / paths.METRICS / "cross_sell.json")["score_psi"] == drift["score"]


def test_a_group_that_is_no_attribute_is_refused_with_the_choices(
    evaluated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter_copy(evaluated, tmp_path, monkeypatch)
    change_params(tmp_path, "evaluate", groups=["gendre"])
    with pytest.raises(ConfigurationError, match="Did you mean 'gender'"):
        run_stage(evaluate.main, monkeypatch)


def test_absent_baselines_are_named(evaluated: Path) -> None:
    report = read(evaluated / paths.EVALUATION_REPORTS / "cross_sell.json")
    assert report["absent_baselines"] == ["rfm", "association"]


def test_the_plots_have_their_tables(evaluated: Path) -> None:
    for name in ("gain", "calibration", "lift_by_decile", "baselines", "importance"):
        assert len(pd.read_csv(evaluated / paths.PLOTS / "cross_sell" / f"{name}.csv")) > 0
    gains = pd.read_csv(evaluated / paths.PLOTS / "cross_sell" / "importance.csv")["gain_share"]
    assert gains.is_monotonic_decreasing


def test_without_a_known_truth_the_truth_is_empty(
    evaluated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(evaluated)
    path = paths.table(paths.TRUTH, "propensities")
    content = path.read_bytes()
    path.unlink()
    run_stage(evaluate.main, monkeypatch)
    report = read(paths.EVALUATION_REPORTS / "cross_sell.json")
    path.write_bytes(content)
    run_stage(evaluate.main, monkeypatch)
    assert report["achievable_gain_share"] is None
    assert "truth" not in report["scorers"]


def test_a_second_run_from_tuning_on_gives_the_same_bytes(
    evaluated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(evaluated)
    before = {name: content for name, content in files_of(evaluated).items() if "tmp" not in name}
    for stage in (tune, train, evaluate):
        run_stage(stage.main, monkeypatch)
    after = {name: content for name, content in files_of(evaluated).items() if "tmp" not in name}
    assert after == before


def test_a_trained_folder_reads_back(evaluated: Path) -> None:
    model = load_scorer(evaluated / paths.MODELS / "cross_sell")
    assert model.made_from["positives"] > 0
    assert model.name == "cross_sell"

import json
import logging
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.foundation import paths
from pipeline.io.champions import DATES_FILE, REFERENCE_FILE
from pipeline.stages import evaluate, monitor, promote, train, tune
from tests.stages.model_project import (
    change_params,
    enter_copy,
    files_of,
    make_project,
    run_stage,
    run_stages,
)

CHAMPION = paths.champion("simulated", "cross_sell")
RECENCY = "product_history__days_since_acquisition"


@pytest.fixture(scope="module")
def promoted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a company whose model scores."""
    folder = tmp_path_factory.mktemp("promoted")
    make_project(folder)
    return run_stages(folder, tune, train, evaluate, promote)


@pytest.fixture
def project(promoted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return enter_copy(promoted, tmp_path, monkeypatch)


def found() -> dict[str, Any]:
    report: dict[str, Any] = json.loads(paths.monitoring("cross_sell").read_text(encoding="utf-8"))
    return report


def failed() -> set[str]:
    return {one["rule"] for one in found()["findings"] if not one["holds"]}


def move_scoring_day(days: int) -> None:
    snapshots = json.loads(paths.SNAPSHOTS.read_text(encoding="utf-8"))
    later = date.fromisoformat(snapshots["scoring"]) + timedelta(days=days)
    text = json.dumps(snapshots | {"scoring": later.isoformat()})
    paths.SNAPSHOTS.write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("project")
def test_a_champion_of_today_is_not_due(monkeypatch: pytest.MonkeyPatch) -> None:
    run_stage(monitor.main, monkeypatch)
    report = found()
    assert failed() == set()
    assert (report["is_retraining_due"], report["is_fit_to_score"]) == (False, True)
    assert (report["age_days"], report["outcomes_as_of_date"]) == (0, "2026-04-01")
    report_of_test = json.loads(paths.evaluation("cross_sell").read_text(encoding="utf-8"))
    evaluated = report_of_test["scorers"]["model"]
    assert {name: report[name] for name in ("auc", "ece", "calibration_slope")} == {
        name: evaluated[name] for name in ("auc", "ece", "calibration_slope")
    }


def test_monitoring_needs_the_champion_and_nothing_of_the_training(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_stage(monitor.main, monkeypatch)
    before = found()
    for folder in (paths.MODELS, paths.TUNING, paths.EVALUATION):
        (project / folder).rename(project / f"gone_{folder.name}")
    run_stage(monitor.main, monkeypatch)
    assert found() == before


@pytest.mark.usefixtures("project")
def test_a_champion_older_than_its_limit_is_due(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    move_scoring_day(84)
    run_stage(monitor.main, monkeypatch)
    assert (found()["age_days"], failed()) == (84, set())
    move_scoring_day(1)
    with caplog.at_level(logging.WARNING):
        run_stage(monitor.main, monkeypatch)
    assert (found()["age_days"], failed()) == (85, {"young_enough"})
    assert "85 days of data exceed the 84 of max_age_days" in caplog.text


def change_family(change: float, day: date) -> None:
    """Add days to every customer's recency at one date."""
    path = paths.table(paths.FEATURES / "customer", "product_history")
    rows = pd.read_parquet(path)
    is_that_day = pd.to_datetime(rows["as_of_date"]) == pd.Timestamp(day)
    recency = rows[RECENCY].where(~is_that_day, np.minimum(rows[RECENCY], change))
    rows.assign(**{RECENCY: recency}).to_parquet(path, index=False)


def test_scores_that_have_moved_are_due_and_beyond_the_stop_limit_not_fit(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_family(1.0, date(2026, 5, 1))  # on the scoring day everybody has just bought
    run_stage(monitor.main, monkeypatch)
    moved = found()["drift"]["score"]
    assert moved > 0.25
    change_params(project, "retraining", stop_psi=moved - 0.01)
    run_stage(monitor.main, monkeypatch)
    assert failed() == {"score_drift", "drift_below_stop"}
    assert found()["is_fit_to_score"] is False
    change_params(project, "retraining", stop_psi=moved + 0.01)
    run_stage(monitor.main, monkeypatch)
    assert (failed(), found()["is_fit_to_score"]) == ({"score_drift"}, True)


@pytest.mark.usefixtures("project")
def test_a_champion_whose_promises_no_longer_come_true_is_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = paths.table(paths.POPULATION, "cross_sell")
    rows = pd.read_parquet(path)
    half = (rows["split"] == "test") & (np.arange(len(rows)) % 2 > 0)
    rows.assign(label=rows["label"].mask(half & (rows["label"] == 1), 0)).to_parquet(path)
    run_stage(monitor.main, monkeypatch)
    assert "calibrated_level" in failed()
    assert found()["is_retraining_due"] is True


@pytest.mark.usefixtures("project")
def test_too_few_outcomes_say_nothing_against_a_champion(monkeypatch: pytest.MonkeyPatch) -> None:
    path = paths.table(paths.POPULATION, "cross_sell")
    rows = pd.read_parquet(path)
    rows.assign(label=rows["label"].mask(rows["split"] == "test", 0)).to_parquet(path)
    run_stage(monitor.main, monkeypatch)
    assert (failed(), found()["auc"]["value"]) == (set(), None)
    asked = {one["rule"]: one["is_asked"] for one in found()["findings"]}
    assert not asked["calibrated_slope"]
    assert asked["young_enough"]


@pytest.mark.usefixtures("project")
def test_a_champion_without_dates_and_reference_is_asked_what_can_be_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in (DATES_FILE, REFERENCE_FILE):
        (CHAMPION / name).unlink()
    run_stage(monitor.main, monkeypatch)
    report = found()
    assert (report["age_days"], report["champion_since"], report["drift"]) == (None, None, None)
    assert report["is_fit_to_score"] is True
    asked = {one["rule"] for one in report["findings"] if one["is_asked"]}
    assert asked == {
        "calibrated_slope",
        "calibrated_level",
        "new_texts",
        "new_texts_below_stop",
    }


@pytest.mark.usefixtures("project")
def test_a_champion_of_an_older_make_gets_its_dates_with_the_next_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = files_of(CHAMPION)
    for name in (DATES_FILE, REFERENCE_FILE):
        (CHAMPION / name).unlink()
    run_stage(promote.main, monkeypatch)
    assert files_of(CHAMPION) == before


def test_a_new_text_on_a_third_of_the_customers_is_not_sent(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / paths.table(paths.FEATURES / "customer", "socio_demographics")
    family = pd.read_parquet(path)
    feature = family.select_dtypes(include=["object", "str"]).columns.drop("customer_id")[-1]
    is_third = family["customer_id"].isin(sorted(family["customer_id"].unique())[::3])
    family[feature] = family[feature].astype(object).mask(is_third, "atlantis")
    family.to_parquet(path, index=False)
    run_stage(monitor.main, monkeypatch)
    report = found()
    assert failed() >= {"new_texts", "new_texts_below_stop"}
    assert (report["is_retraining_due"], report["is_fit_to_score"]) == (True, False)
    (text,) = report["new_texts"]
    assert (text["feature"], text["text"]) == (feature, "atlantis")
    assert text["share"] == pytest.approx(1 / 3, abs=0.05)

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import paths
from pipeline.errors import DataError
from pipeline.stages import evaluate, promote, score, train, tune
from tests.stages.model_project import (
    change_params,
    copy_project,
    files_of,
    make_project,
    run_stage,
)

VERDICT = paths.VERDICTS / "cross_sell.json"
CHAMPION = paths.champion("simulated", "cross_sell")


def trained(folder: Path, **given: Any) -> Path:
    """Take a small company through tune, train and evaluate."""
    make_project(folder, **given)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for stage in (tune, train, evaluate):
            run_stage(stage.main, patch)
    return folder


@pytest.fixture(scope="module")
def clear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a company whose customers can be told apart."""
    return trained(tmp_path_factory.mktemp("clear"))


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a company in which nothing tells anything."""
    return trained(tmp_path_factory.mktemp("noise"), signal=0.0, seed=4)


@pytest.fixture
def project(clear: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy_project(clear, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def hopeless(noise: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy_project(noise, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verdict() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(VERDICT.read_text(encoding="utf-8"))
    return found


@pytest.mark.usefixtures("project")
def test_the_first_model_that_beats_every_baseline_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    run_stage(promote.main, monkeypatch)
    assert verdict()["decision"] == "promoted"
    assert verdict()["scored_by"] == "model"
    made = files_of(paths.MODELS / "cross_sell")
    for name in ("booster.txt", "model.json", "calibrator.json"):
        assert (CHAMPION / name).read_bytes() == made[name]


def test_a_second_run_changes_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_stage(promote.main, monkeypatch)
    before = files_of(project)
    VERDICT.unlink()
    run_stage(promote.main, monkeypatch)
    assert files_of(project) == before


def test_stricter_rules_do_not_dethrone_the_same_champion(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_stage(promote.main, monkeypatch)
    before = files_of(project / "data")
    change_params(project, "promote", max_auc=0.51)
    run_stage(promote.main, monkeypatch)
    assert files_of(project / "data") == before


def test_a_model_that_is_too_good_gives_way_to_the_best_baseline_in_plain_words(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_params(project, "promote", max_auc=0.51)
    run_stage(promote.main, monkeypatch)
    found = verdict()
    assert (found["decision"], found["scored_by"]) == ("fallback", "logistic")
    assert "not from a model" in found["in_words"]
    assert "a leak until proven otherwise" in found["in_words"]


def test_a_model_of_noise_is_refused_and_a_rule_scores(
    hopeless: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_stage(promote.main, monkeypatch)
    assert verdict()["decision"] == "fallback"
    before = files_of(hopeless)
    run_stage(promote.main, monkeypatch)
    assert files_of(hopeless) == before
    run_stage(score.main, monkeypatch)
    assert paths.table(paths.SCORES, "propensities").is_file()


def test_a_refused_model_is_judged_again_by_other_rules(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_params(project, "promote", max_auc=0.51)
    run_stage(promote.main, monkeypatch)
    change_params(project, "promote", max_auc=0.95)
    run_stage(promote.main, monkeypatch)
    found = verdict()
    assert found["decision"] == "promoted"
    assert found["champion_before"]["name"] == "logistic"
    assert [one["rule"] for one in found["findings"]][-1] == "no_worse_than_champion"


@pytest.mark.usefixtures("project")
def test_a_worse_challenger_leaves_the_champion_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_stage(promote.main, monkeypatch)
    before = files_of(CHAMPION)
    best = json.loads((paths.TUNING / "cross_sell" / "best.json").read_text(encoding="utf-8"))
    worse = json.dumps(best | {"trees": 1})
    (paths.TUNING / "cross_sell" / "best.json").write_text(worse, encoding="utf-8")
    for stage in (train, evaluate, promote):
        run_stage(stage.main, monkeypatch)
    assert verdict()["decision"] == "kept"
    assert verdict()["champion"] == json.loads(before["verdict.json"])["champion"]
    assert files_of(CHAMPION) == before


@pytest.mark.usefixtures("project")
def test_a_champion_that_cannot_score_these_rows_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_stage(promote.main, monkeypatch)
    paths.table(paths.FEATURES / "customer", "socio_demographics").unlink()
    for stage in (train, evaluate, promote):
        run_stage(stage.main, monkeypatch)
    found = verdict()
    assert found["champion_before"] is None
    assert found["decision"] != "kept"
    assert "no socio_demographics__gender" in found["why_the_champion_could_not_score"]


def test_predictions_of_other_rows_are_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_stage(promote.main, monkeypatch)
    best = json.loads((paths.TUNING / "cross_sell" / "best.json").read_text(encoding="utf-8"))
    fewer = json.dumps(best | {"trees": 1})
    (paths.TUNING / "cross_sell" / "best.json").write_text(fewer, encoding="utf-8")
    run_stage(train.main, monkeypatch)
    predictions = paths.table(paths.EVALUATION / "cross_sell", "predictions").read_bytes()
    make_project(project, customers=300)
    paths.table(paths.EVALUATION / "cross_sell", "predictions").write_bytes(predictions)
    with pytest.raises(DataError, match="eligible test rows that evaluate wrote"):
        run_stage(promote.main, monkeypatch)

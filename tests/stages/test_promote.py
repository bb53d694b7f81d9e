import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.commands import study
from pipeline.foundation import paths
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.io.made_from import made_from
from pipeline.models.calibration.curve import BetaCurve
from pipeline.models.scorers import load_scorer
from pipeline.stages import evaluate, promote, score, train, tune
from tests.stages.model_project import (
    change_params,
    enter_copy,
    files_of,
    make_project,
    run_stage,
    run_stages,
)

CARD = paths.MODEL_CARDS / "cross_sell.md"
VERDICT = paths.VERDICTS / "cross_sell.json"
CHAMPION = paths.champion("simulated", "cross_sell")


def trained(folder: Path, **given: Any) -> Path:
    """Take a small company through tune, train and evaluate."""
    make_project(folder, **given)
    return run_stages(folder, tune, train, evaluate)


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
    return enter_copy(clear, tmp_path, monkeypatch)


@pytest.fixture
def hopeless(noise: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return enter_copy(noise, tmp_path, monkeypatch)


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


def test_a_model_that_is_too_good_gives_way_to_a_baseline_that_is_not_in_plain_words(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The regression and the base rates rank better than 0.51 too; recency has 0.5."""
    change_params(project, "promote", max_auc=0.51)
    run_stage(promote.main, monkeypatch)
    found = verdict()
    assert (found["decision"], found["scored_by"]) == ("fallback", "recency")
    assert "not from a model" in found["in_words"]
    assert "a leak until proven otherwise" in found["in_words"]
    assert f"{found['champion']['version']} scores in its place" in CARD.read_text("utf-8")


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
    assert found["champion_before"]["name"] == "recency"
    assert [one["rule"] for one in found["findings"]][-2:] == [
        "no_worse_than_champion",
        "cells_no_worse_than_champion",
    ]


@pytest.mark.usefixtures("project")
def test_the_model_card_tells_the_verdict_and_whom_it_holds_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_stage(promote.main, monkeypatch)
    card = CARD.read_text(encoding="utf-8")
    assert "**Verdict: promoted, grade" in card
    assert "A company of a test." in card
    assert "tea (3 outcomes in training)" in card
    assert "surveys: no table surveys" in card
    assert "| gender | customers |" in card
    run_stage(promote.main, monkeypatch)
    assert CARD.read_text(encoding="utf-8") == card


@pytest.mark.usefixtures("project")
def test_the_model_card_says_whether_retraining_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    run_stage(promote.main, monkeypatch)
    assert "**Retraining is not due.**" in CARD.read_text(encoding="utf-8")
    path = paths.evaluation("cross_sell")
    report = json.loads(path.read_text(encoding="utf-8"))
    report["drift"]["score"] = 0.26
    report["drift"]["features"][0] = {"feature": "recency", "psi": 0.5}
    path.write_text(json.dumps(report), encoding="utf-8")
    run_stage(promote.main, monkeypatch)
    card = CARD.read_text(encoding="utf-8")
    assert "**Retraining is due.** The scores have moved by a PSI of 0.260." in card
    assert "have moved so far by themselves: `recency` (0.50)" in card


def write_backtest(auc: float, **changes: object) -> None:
    """Write what a backtest of this company would have found before its test."""
    path = paths.backtest("simulated", "cross_sell")
    found = {"as_of_date": "2026-03-01", "value": auc, "low": auc - 0.01, "high": auc + 0.01}
    path.parent.mkdir(parents=True, exist_ok=True)
    origin = made_from("simulated", 0, 28).model_dump() | changes
    nothing: dict[str, Any] = {"dates": [], "ageing": [], "stability": [], "base_rates": {}}
    facts = {"made_from": origin, "auc": [found], **nothing}
    path.write_text(json.dumps(facts), encoding="utf-8")


@pytest.mark.usefixtures("project")
def test_a_backtest_that_was_not_made_refuses_nobody_and_one_made_later_dethrones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_stage(promote.main, monkeypatch)
    assert verdict()["decision"] == "promoted"
    assert "not asked: no backtest of this source was made" in CARD.read_text(encoding="utf-8")
    write_backtest(0.55)
    run_stage(promote.main, monkeypatch)
    assert verdict()["decision"] == "fallback"
    assert verdict()["backtest"]["as_of_date"] == "2026-03-01"
    before = VERDICT.read_bytes()
    run_stage(promote.main, monkeypatch)
    assert VERDICT.read_bytes() == before


@pytest.mark.usefixtures("project")
def test_a_backtest_of_another_company_is_told_and_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_backtest(0.55, customers=9)
    run_stage(promote.main, monkeypatch)
    assert verdict()["decision"] == "promoted"
    card = CARD.read_text(encoding="utf-8")
    assert "the backtest is of other data (customers: 9, now 4)" in card
    assert "`python -m pipeline.commands.study backtest cross_sell`" in card


OVERRIDE = {"cross_sell": {"name": "Ana", "reason": "The campaign starts on Monday."}}


def test_an_override_promotes_a_refused_model_and_is_recorded_everywhere(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_params(project, "promote", max_auc=0.51, override=OVERRIDE)
    run_stage(promote.main, monkeypatch)
    found = verdict()
    assert (found["decision"], found["scored_by"]) == ("promoted", "model")
    assert found["override"] == OVERRIDE["cross_sell"]
    assert found["grade"]["letter"] == "refused"
    assert "Ana overrides the gate" in found["in_words"]
    assert json.loads((CHAMPION / "verdict.json").read_text("utf-8"))["override"]["name"] == "Ana"
    assert "**Overridden by Ana.** Reason given: The campaign" in CARD.read_text("utf-8")


def test_an_override_of_another_version_does_not_hold(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {"cross_sell": OVERRIDE["cross_sell"] | {"version": "000000000000"}}
    change_params(project, "promote", max_auc=0.51, override=other)
    run_stage(promote.main, monkeypatch)
    assert verdict()["decision"] == "fallback"
    assert verdict()["override"] is None


@pytest.mark.parametrize("reason", [{}, {"reason": "  "}])
def test_an_override_without_a_reason_is_a_configuration_error(
    project: Path, monkeypatch: pytest.MonkeyPatch, reason: dict[str, str]
) -> None:
    change_params(project, "promote", override={"cross_sell": {"name": "Ana", **reason}})
    with pytest.raises(ConfigurationError, match=r"promote\.override\.cross_sell\.reason"):
        run_stage(promote.main, monkeypatch)


def test_a_misspelt_key_of_an_override_is_named_with_the_right_ones(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"cross_sell": OVERRIDE["cross_sell"] | {"versoin": "a"}}
    change_params(project, "promote", override=given)
    with pytest.raises(ConfigurationError, match="Did you mean 'version'"):
        run_stage(promote.main, monkeypatch)


def test_a_planted_leak_is_refused_by_name_and_no_rule_that_reads_it_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = make_project(tmp_path, customers=500)
    monkeypatch.chdir(tmp_path)
    run_stage(tune.main, monkeypatch)
    monkeypatch.setattr(sys, "argv", ["study", "backtest", "cross_sell"])
    study.main()
    plant_leak(tmp_path, rows)
    for stage in (tune, train, evaluate, promote):
        run_stage(stage.main, monkeypatch)
    found = verdict()
    broken = {one["rule"]: one["reason"] for one in found["findings"] if not one["holds"]}
    assert "product_history__refunds brings" in broken["no_lone_feature"]
    assert "so sudden a gain is a leak" in broken["no_jump"]
    assert f"**broken**: {broken['no_jump']}" in CARD.read_text(encoding="utf-8")
    assert "product_history__refunds" in found["in_words"]
    assert found["decision"] == "fallback"
    assert found["scored_by"] != "logistic"


def plant_leak(folder: Path, rows: pd.DataFrame) -> None:
    """Add a feature that knows most outcomes, as one of the window after the as-of date does."""
    path = folder / paths.table(paths.FEATURES / "candidate", "product_history")
    known = rows["label"].fillna(0).astype(float)
    noise = np.random.default_rng(3).random(len(rows)) < 0.1
    leaking = pd.read_parquet(path).assign(product_history__refunds=known.where(~noise, 1 - known))
    leaking.to_parquet(path, index=False)


@pytest.mark.usefixtures("project")
def test_an_uncalibrated_challenger_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = paths.MODELS / "cross_sell"
    trained_model = load_scorer(folder)
    half = BetaCurve("platt", 3.0, 3.0, 3.0)  # far too sure, and far too high
    replace(trained_model, calibrator=half).save(folder)
    for stage in (evaluate, promote):
        run_stage(stage.main, monkeypatch)
    found = verdict()
    broken = [one["rule"] for one in found["findings"] if not one["holds"]]
    assert {"calibrated_slope", "calibrated_level"} <= set(broken)
    assert found["decision"] == "fallback"


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
    assert (
        "which scored so far, cannot score these rows, for want of 1 of its features"
        in found["in_words"]
    )


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


def test_a_model_without_its_verdict_stops_the_run_and_names_the_remedy(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_params(project, "promote", max_auc=0.51, override=OVERRIDE)
    run_stage(promote.main, monkeypatch)
    (CHAMPION / "verdict.json").unlink()
    change_params(project, "promote", max_auc=0.51, override=None)
    before = files_of(project)
    with pytest.raises(
        DataError, match=r"no verdict\.json, so nothing says.*git checkout data/champ"
    ):
        run_stage(promote.main, monkeypatch)
    assert files_of(project) == before

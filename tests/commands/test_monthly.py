"""The month's choices and its exit codes; DVC's stages leave the documents that a test gives them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.commands import monthly, record_wave, seal, write_back
from pipeline.commands.dvc_run import SCORING, StageError
from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.claims_report import ClaimOutcome, ClaimsReport
from pipeline.foundation.contracts.hand_overs.document import Document, Figure
from pipeline.foundation.contracts.hand_overs.monitoring_report import MonitoringReport
from pipeline.foundation.contracts.hand_overs.snapshot_dates import SnapshotDates
from pipeline.foundation.errors import DataError
from pipeline.io.documents import write_document
from tests.reports.inputs import drift, finding, funnel, validation, verdict

ROOT = Path(__file__).parents[2]
DVC: dict[str, Any] = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
MODELS = ("up_sell", "cross_sell")
FIGURE = {"value": 1.0, "low": 0.5, "high": 1.5}


def monitoring(model: str, *findings: Mapping[str, Any], is_fit: bool = True) -> MonitoringReport:
    """Return a champion's report; it is due when a finding fails."""
    return MonitoringReport.model_validate(
        {
            "model": model,
            "champion": {"name": model, "kind": "blend", "version": "abcdef123456"},
            "scoring_as_of_date": "2026-03-01",
            "champion_since": "2026-02-01",
            "age_days": 28,
            "outcomes_as_of_date": "2026-02-01",
            "rows": 1000,
            "positives": 120,
            "auc": FIGURE,
            "calibration_slope": FIGURE,
            "ece": FIGURE,
            "drift": None,
            "findings": findings,
            "is_retraining_due": not all(one["holds"] for one in findings),
            "is_fit_to_score": is_fit,
        }
    )


def claims(*held: bool) -> ClaimsReport:
    """Return the claims of so many waves; the last misses in a row are counted."""
    figure = Figure(value=1.0, low=0.5, high=1.5)
    waves = [
        ClaimOutcome(
            wave=f"w2025{month:02d}01",
            as_of_date=date(2025, month, 1),
            claimed=figure,
            measured=figure,
            claimed_profit_cents=figure,
            measured_profit_cents=figure,
            is_held=is_held,
        )
        for month, is_held in enumerate(held, start=1)
    ]
    misses = 0
    for is_held in held:
        misses = 0 if is_held else misses + 1
    return ClaimsReport(waves=tuple(waves), consecutive_misses=misses)


SNAPSHOTS = SnapshotDates(
    train=(date(2025, 12, 1),),
    validation=date(2026, 1, 1),
    test=date(2026, 2, 1),
    scoring=date(2026, 3, 1),
    gap_days=0,
    outcome_days=28,
    known_customers=10,
)


class Project:
    """A folder in which DVC's stages stand still; it keeps what was asked of them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.asked = folder, list[tuple[str, ...]]()
        self.failing: dict[str, str] = {}
        monkeypatch.chdir(folder)
        monkeypatch.setattr(monthly, "reproduce", self._reproduce)
        for step in (record_wave, write_back):
            name = step.__name__.rpartition(".")[2]
            monkeypatch.setattr(step, "main", lambda name=name: self.asked.append((name,)))
        shutil.copy(ROOT / paths.PARAMS, paths.PARAMS)
        self.lay(SNAPSHOTS, paths.SNAPSHOTS)
        self.lay(validation(), paths.VALIDATION_REPORT)
        self.lay(claims(), paths.CLAIMS)
        self.lay(funnel(), paths.FUNNEL)
        self.lay(drift(), paths.DRIFT_REPORT)
        for model in MODELS:
            self.lay(monitoring(model), paths.monitoring(model))
            self.lay(verdict(model=model), paths.champion("simulated", model) / "verdict.json")
            (paths.champion("simulated", model) / "model.json").write_text("{}", encoding="utf-8")

    def lay(self, document: Document, path: Path) -> None:
        write_document(document, path)

    def _reproduce(self, *targets: str, single_item: bool = False) -> None:
        del single_item
        self.asked.append(targets)
        for target in targets:
            if target in self.failing:
                raise StageError(f"dvc repro {target}", self.failing[target])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    return Project(tmp_path, monkeypatch)


def run(monkeypatch: pytest.MonkeyPatch, *given: str) -> int:
    monkeypatch.setattr(sys, "argv", ["monthly", *given])
    with pytest.raises(SystemExit) as ended:
        monthly.main()
    return int(str(ended.value.code))


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (line,) = capsys.readouterr().out.splitlines()
    status: dict[str, Any] = json.loads(line)
    return status


def test_a_database_is_pulled_before_dvc_looks_at_the_data(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run_module(name: str, *given: str) -> None:
        project.asked.append((name, *given))

    monkeypatch.setattr(monthly, "run_module", run_module)
    assert run(monkeypatch) == 0
    assert project.asked[0] == ("ingest",)
    project.asked.clear()
    params = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    params["source"]["name"] = "database"
    paths.PARAMS.write_text(yaml.safe_dump(params), encoding="utf-8")
    run(monkeypatch)
    assert project.asked[:2] == [("pipeline.commands.pull",), ("ingest",)]
    capsys.readouterr()


def test_a_champion_that_is_well_scores_the_new_data_as_it_is(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch) == 0
    status = said(capsys)
    assert (status["status"], status["mode"], status["wave"]) == ("decided", "scored", "w20260301")
    assert (status["contacted"], status["due"], status["obstacles"]) == (4, [], [])
    assert project.asked[:3] == [("ingest",), ("validate",), ("features",)]
    assert project.asked[-1] == ("record_wave",)  # what `track` does after a training
    everything = {target.partition("@")[0] for targets in project.asked for target in targets}
    assert not everything & {"tune", "train", "evaluate", "promote"}


def test_a_model_that_is_due_is_trained(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = finding("young_enough", "It is old.", holds=False)
    project.lay(monitoring("cross_sell", old), paths.monitoring("cross_sell"))
    assert run(monkeypatch) == 0
    assert (status := said(capsys))["mode"] == "retrained"
    assert status["due"] == ["cross_sell: It is old."]
    assert project.asked[-1] == ()  # the whole of dvc repro


def test_a_frozen_model_that_is_due_is_told_and_not_trained(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = finding("young_enough", "It is old.", holds=False)
    project.lay(monitoring("cross_sell", old), paths.monitoring("cross_sell"))
    params = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    params["retraining"]["models"] = ["up_sell"]
    paths.PARAMS.write_text(yaml.safe_dump(params), encoding="utf-8")
    assert run(monkeypatch) == 0
    assert (status := said(capsys))["mode"] == "scored"
    assert status["due"] == ["cross_sell: It is old."]
    params["retraining"]["models"] = []
    paths.PARAMS.write_text(yaml.safe_dump(params), encoding="utf-8")
    assert run(monkeypatch, "--retrain") == 1
    assert "retraining.models to name who is trained" in said(capsys)["reasons"][0]


def test_without_a_champion_the_models_are_trained(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(paths.champion("simulated", "up_sell"))
    assert run(monkeypatch) == 0
    assert said(capsys)["due"] == ["up_sell: there is no champion yet."]
    assert project.asked[-1] == ()


def test_data_that_do_not_pass_stop_the_month_before_anything_is_scored(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project.failing["validate"] = "expected few quarantined rows; found 4 of 6."
    project.lay(validation(verdict="failed"), paths.VALIDATION_REPORT)
    assert run(monkeypatch, "--send", "--accept", "drift") == 3
    status = said(capsys)
    assert (status["status"], status["obstacles"]) == ("not_fit", ["data"])
    assert status["reasons"] == ["expected few quarantined rows; found 4 of 6."]
    assert project.asked == [("ingest",), ("validate",)]


def test_a_stage_that_fails_is_no_verdict_on_the_wave(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for stage in ("export", "validate", "ingest"):
        project.failing = {stage: "no space left"}
        assert run(monkeypatch) == 1
        status = said(capsys)
        assert (status["status"], status["obstacles"]) == ("failed", [])
        assert "no space left" in status["reasons"][0]


def test_scores_that_have_moved_too_far_are_sent_only_by_name(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = finding("drift_below_stop", "It has moved.", holds=False)
    project.lay(monitoring("up_sell", moved, is_fit=False), paths.monitoring("up_sell"))
    assert run(monkeypatch) == 3
    status = said(capsys)
    assert (status["obstacles"], status["reasons"]) == (["drift"], ["up_sell: It has moved."])
    assert run(monkeypatch, "--accept", "gate") == 3
    assert said(capsys)["accepted"] == []
    assert run(monkeypatch, "--accept", "drift", "--accept", "gate") == 0
    assert said(capsys)["accepted"] == ["drift"]


@pytest.mark.parametrize(
    ("held", "code"), [((), 0), ((False,), 0), ((False, False, True), 0), ((True, False, False), 3)]
)
def test_two_claims_missed_in_a_row_stop_the_third_wave(
    held: tuple[bool, ...],
    code: int,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project.lay(claims(*held), paths.CLAIMS)
    assert run(monkeypatch) == code
    reasons = said(capsys)["reasons"]
    assert reasons == (
        ["The last waves did not cause what they claimed: w20250201, w20250301."] if code else []
    )


def test_what_scores_although_nothing_passed_the_gate_is_not_sent(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = verdict("unproven", model="up_sell", in_words="Unproven.")
    project.lay(refused, paths.champion("simulated", "up_sell") / "verdict.json")
    assert run(monkeypatch, "--send") == 3
    status = said(capsys)
    assert (status["obstacles"], status["reasons"]) == (["gate"], ["up_sell: Unproven."])


def test_a_champion_that_is_kept_is_judged_by_the_verdict_that_kept_it(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = verdict("kept", model="up_sell", in_words="Kept.", broken_by_champion=("plausible_auc",))
    project.lay(kept, paths.VERDICTS / "up_sell.json")
    assert run(monkeypatch, "--send") == 3
    assert said(capsys)["reasons"] == ["up_sell: Kept."]
    project.lay(kept.model_copy(update={"source": "files"}), paths.VERDICTS / "up_sell.json")
    assert run(monkeypatch) == 0  # it speaks of another source's champion
    capsys.readouterr()


def test_a_wave_is_written_back_before_it_is_sealed_and_only_if_it_is_fit(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(seal, "main", lambda: project.asked.append(("seal",)))
    assert run(monkeypatch, "--send") == 0
    assert ("write_back",) not in project.asked
    assert said(capsys)["is_written_back"] is False
    params = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    params["exports"]["database"] = {"url_variable": "RESULTS_URL", "schema": None}
    paths.PARAMS.write_text(yaml.safe_dump(params), encoding="utf-8")
    assert run(monkeypatch, "--send") == 0
    assert project.asked[-2:] == [("write_back",), ("seal",)]
    assert said(capsys)["is_written_back"] is True
    assert run(monkeypatch) == 0
    assert project.asked[-1] == ("write_back",)
    project.asked.clear()
    project.lay(
        monitoring("up_sell", finding("drift_below_stop", "Moved.", holds=False), is_fit=False),
        paths.monitoring("up_sell"),
    )
    assert run(monkeypatch, "--send") == 3
    assert ("write_back",) not in project.asked


def test_a_database_that_does_not_answer_leaves_the_wave_unsealed(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise DataError("an answer of the database", "none", "Start it.")

    monkeypatch.setattr(write_back, "main", refuse)
    monkeypatch.setattr(seal, "main", lambda: project.asked.append(("seal",)))
    params = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    params["exports"]["database"] = {"url_variable": "RESULTS_URL", "schema": None}
    paths.PARAMS.write_text(yaml.safe_dump(params), encoding="utf-8")
    assert run(monkeypatch, "--send") == 1
    assert ("seal",) not in project.asked
    assert "an answer of the database" in said(capsys)["reasons"][0]


def test_a_wave_that_contacts_nobody_is_not_sent(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = funnel().claim.model_copy(update={"contacted": 0})
    project.lay(funnel().model_copy(update={"claim": nobody}), paths.FUNNEL)
    assert run(monkeypatch) == 3
    assert said(capsys)["obstacles"] == ["no_contacts"]


def test_a_sealed_wave_is_left_alone(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed = paths.table(paths.WAVES, "w20260301")
    sealed.parent.mkdir(parents=True)
    sealed.write_bytes(b"as it was sent")
    assert run(monkeypatch, "--send") == 0
    assert (status := said(capsys))["status"] == "already_sent"
    assert status["wave"] == "w20260301"
    assert project.asked[-1] == ("features",)
    assert sealed.read_bytes() == b"as it was sent"


def test_of_two_at_once_the_second_does_nothing_and_says_so(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    holder = (
        "import time; from pipeline.foundation import paths\n"
        "with paths.holding(paths.MONTHLY_LOCK, waits=False) as alone:\n"
        "    print(alone, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ROOT)},
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert run(monkeypatch) == 4
        assert said(capsys)["status"] == "locked"
        assert project.asked == []
        other.kill()  # a run that dies leaves no lock behind
        other.wait()
    assert run(monkeypatch) == 0


def test_every_stage_but_those_that_train_is_scored_with_in_the_order_of_their_needs() -> None:
    before = {"parameters", "ingest", "validate", "population", "features"}
    assert {*DVC} - before - {*SCORING} == {"tune", "train", "evaluate", "promote", "track"}
    done = set(before)
    for stage in SCORING:
        needed = {
            other
            for other in SCORING
            for out in DVC[other].get("outs", ())
            for path in [out if isinstance(out, str) else next(iter(out))]
            if path.replace("${item.model}", "") in " ".join(DVC[stage]["deps"])
        }
        assert needed - {stage} <= done, f"{stage} needs {needed - done}"
        done.add(stage)


def test_what_is_not_trained_needs_nothing_that_a_training_leaves_outside_git() -> None:
    """A fresh clone has the champion and what is reported of it, and no DVC cache."""
    written = {
        out
        for stage in ("tune", "train", "evaluate", "promote")
        for out in DVC[stage]["outs"]
        if isinstance(out, str)
    }
    needed = {dep for stage in SCORING for dep in DVC[stage]["deps"]}
    assert not {path.replace("/${item.model}", "") for path in written} & needed

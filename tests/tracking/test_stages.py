"""The track and ui stages: from files to a recorded run, and to the command that shows it."""

import hashlib
import json
import logging
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import mlflow
import pytest
import yaml

from pipeline.commands import ui
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.errors import DataError
from pipeline.io.documents import write_document
from pipeline.io.dvc_lock import read_lock
from pipeline.stages import track
from pipeline.tracking.location import local_store
from tests.reports.inputs import plots, population, verdict
from tests.tracking.models import base_rate, trees

ROOT = Path(__file__).parents[2]
METRICS = {"auc": 0.71, "lift_at_10": 3.2, "rows": 1000}
ADDRESS = "somebody@example.org"


def write(path: str, content: object) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(content), encoding="utf-8")


def lock(**more: str) -> None:
    """Write what DVC would: the hash of every output."""
    written = {"data/population": "1" * 32 + ".dir", "data/features": "2" * 32 + ".dir", **more}
    outs = [{"path": path, "hash": "md5", "md5": found} for path, found in written.items()]
    content = {"schema": "2.0", "stages": {"population": {"cmd": "x", "outs": outs}}}
    Path("dvc.lock").write_text(yaml.safe_dump(content), encoding="utf-8")


def refused(champion: str) -> PromotionVerdict:
    decided = verdict(
        "fallback", "base_rate", override={"name": "Ana", "reason": "It starts on Monday."}
    )
    scores = decided.champion.model_copy(update={"version": champion})
    grade = decided.grade.model_copy(update={"letter": "refused"})
    return decided.model_copy(update={"champion": scores, "grade": grade})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with all that the track stage reads."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    monkeypatch.setenv("DVC_EXP_NAME", "brave-otter")
    shutil.copy(ROOT / "params.yaml", tmp_path)
    for model in ("up_sell", "cross_sell"):
        trained, rule = trees(1), base_rate(1)
        trained.save(Path("data/models") / model)
        rule.save(Path("data/champion/simulated") / model)
        trial = {"number": 0, "state": "complete", "value": 0.2, "trees": 5, "params": {"a": 1}}
        write(f"data/tuning/{model}/trials.json", {"trials": [trial, {**trial, "number": 1}]})
        write(f"reports/metrics/{model}.json", METRICS)
        write(f"reports/evaluation/{model}.json", {"scorers": {}})
        write(f"data/tuning/{model}/importance.json", {"num_leaves": 0.75})
        Path(f"data/tuning/{model}/history.csv").write_text('best\n""\n0.3\n0.2\n', "utf-8")
        Path("reports/model_cards").mkdir(parents=True, exist_ok=True)
        Path(f"reports/model_cards/{model}.md").write_text("# Card", encoding="utf-8")
        write_document(refused(rule.version), Path(f"reports/verdicts/{model}.json"))
        Path(f"reports/plots/{model}").mkdir(parents=True)
        for name, table in plots().items():
            table.to_csv(f"reports/plots/{model}/{name}.csv", index=False)
    write_document(population(), Path("reports/population.json"))
    shutil.copy(ROOT / "reports/funnel.json", "reports")
    write("reports/features.json", {"families": {}, "switched_off": {}})
    write("data/exports/generic/manifest.json", {"profile": "generic"})
    Path("data/exports/generic/customers.csv").write_text(ADDRESS, encoding="utf-8")
    for page in ("index", "models"):
        Path(f"reports/{page}.html").write_text("<!doctype html>", encoding="utf-8")
    lock()
    return tmp_path


def runs(project: Path, condition: str = "") -> list[Any]:
    client = mlflow.MlflowClient(local_store(project / "mlruns").uri)
    experiment = client.get_experiment_by_name("propensity")
    assert experiment is not None
    return list(client.search_runs([experiment.experiment_id], condition))


def fail_to_track(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stage meet a server that is dead."""
    with monkeypatch.context() as elsewhere, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # nobody listens
        elsewhere.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(DataError, match="a tracking server that answers"):
            track.main()


@pytest.mark.slow
def test_a_result_is_tracked_once_with_the_figures_and_tags_of_its_files(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_track(monkeypatch)
    assert not Path("mlruns/tracked.json").exists()  # so DVC runs the stage again
    track.main()  # and what no server took is recorded
    tracked = json.loads(Path("mlruns/tracked.json").read_text(encoding="utf-8"))
    track.main()
    (parent,) = runs(project, f"tags.result = '{tracked['result']}'")
    losses = {
        f"calibration_log_losses.{name}": value
        for name, value in trees(1).made_from["calibration_log_losses"].items()
    }
    of_model = {**METRICS, **losses, "tuning_importance.num_leaves": 0.75}
    of_wave = {name for name in parent.data.metrics if name.startswith("wave.")}
    assert {n: v for n, v in parent.data.metrics.items() if n not in of_wave} == {
        f"{model}.{name}": value
        for model in ("up_sell", "cross_sell")
        for name, value in of_model.items()
    }
    funnel = json.loads(Path("reports/funnel.json").read_text(encoding="utf-8"))
    assert parent.data.metrics["wave.contacted"] == funnel["claim"]["contacted"]
    assert {"wave.claim.take_ups_caused.low", "wave.excluded.consent"} <= of_wave
    assert parent.data.tags["dvc_experiment"] == "brave-otter"
    assert parent.data.tags["as_of_date"] == "2026-03-01"
    children = runs(project, f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'")
    for child in children:
        assert child.data.metrics == {**of_model, "tuning_best_log_loss": 0.2}
        assert child.data.tags["grade"] == "refused"
        assert child.data.tags["override_by"] == "Ana"
        assert child.data.tags["override_reason"] == "It starts on Monday."
        assert child.data.tags["scored_by"] == "base_rate"
        assert {data.dataset.digest[:3] for data in child.inputs.dataset_inputs} == {"111", "222"}
    assert len(runs(project)) == 1 + 2 + 2 * 2
    assert no_customer_is_in(project / "mlruns")

    lock(**{"data/exports": "3" * 32 + ".dir"})
    track.main()
    assert len(runs(project, "tags.result LIKE '%'")) == 2


def no_customer_is_in(folder: Path) -> bool:
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    return not any(ADDRESS.encode() in path.read_bytes() for path in files) and not any(
        name.endswith((".parquet", "customers.csv")) for name in names
    )


@pytest.mark.usefixtures("project")
def test_tracking_outside_of_dvc_says_what_to_run() -> None:
    Path("dvc.lock").unlink()
    with pytest.raises(DataError, match=r"what DVC wrote in dvc.lock; found no such file. Run it"):
        track.main()


@pytest.mark.usefixtures("project")
def test_the_hash_of_the_lock_leaves_out_the_stage_itself(tmp_path: Path) -> None:
    path = tmp_path / "dvc.lock"
    before = read_lock(path, without="track")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["stages"]["track"] = {"cmd": "x", "outs": [{"path": "t", "md5": "5"}]}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert hashlib.sha256(repr(read_lock(path, without="track")).encode()).hexdigest() == (
        hashlib.sha256(repr(before).encode()).hexdigest()
    )


def test_the_ui_without_a_tracked_run_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(DataError, match=r"runs in mlruns; found none. Run make repro first."):
        ui.main()


def test_the_ui_of_a_teams_server_is_named_and_not_started(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://tracking.example")
    with caplog.at_level(logging.INFO):
        ui.main()
    assert "https://tracking.example" in caplog.text


@pytest.mark.slow
def test_the_ui_serves_the_store_to_this_machine_only_and_names_the_page_of_the_runs(
    project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    track.main()
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, arguments: started.append(arguments))
    with caplog.at_level(logging.INFO):
        ui.main()
    (arguments,) = started
    assert arguments[arguments.index("--host") + 1] == "127.0.0.1"
    assert f"sqlite:///{project}/mlruns/mlflow.db" in arguments
    page = "http://127.0.0.1:5000/#/experiments/1/runs?workflowType=machine_learning"
    assert f"open {page} (Ctrl+C stops the server)" in caplog.text

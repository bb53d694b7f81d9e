"""The study of waves keeps what it has played; a company decides, seals, lives on and measures."""

import json
import logging
import shutil
from pathlib import Path

import pytest
import yaml

from pipeline.commands import waves_study
from pipeline.foundation import config, paths
from tests.studies.test_wave_gains import company

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / paths.PARAMS, paths.PARAMS)
    for model in config.load().models:
        (paths.TUNING / model).mkdir(parents=True)


def test_companies_that_were_played_are_not_played_again(caplog: pytest.LogCaptureFixture) -> None:
    for seed in (5, 6):
        path = paths.waves_study("simulated", seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(company(20, 25, alone=22)), encoding="utf-8")
    with caplog.at_level(logging.INFO):
        waves_study.main(["5", "6"])
    folder = paths.STUDIES / "simulated"
    assert json.loads((folder / "waves.json").read_text(encoding="utf-8"))["seeds"] == [5, 6]
    assert (folder / "waves.md").is_file()
    assert "2 companies" in caplog.text


class Stages:
    """Stages that take minutes, in the shape that the study sees: what they write of a moment."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.periods: list[int] = []
        self.responses: list[int] = []

    def __call__(self, folder: Path, module: str, *_: str) -> None:
        stage = module.rpartition(".")[2]
        self.ran.append(stage)
        if stage == "ingest":
            params = yaml.safe_load((folder / paths.PARAMS).read_text(encoding="utf-8"))
            self.periods.append(params["source"]["simulated"]["later_periods"])
        if stage == "simulate_responses":
            (folder / paths.RESPONSES / f"{len(self.ran)}.csv").touch()
        if stage == "measure":
            self.responses.append(len(list((folder / paths.RESPONSES).iterdir())))
            (folder / paths.CLAIMS).parent.mkdir(parents=True, exist_ok=True)
            write(folder / paths.CLAIMS, {"waves": []})
        if stage == "effects":
            write(folder / paths.EFFECTS_REPORT, {"arms": {}, "levels": [], "randomised": {}})
        if stage == "value_policies":
            write(folder / paths.POLICIES_REPORT, {"customers": 9, "policies": {}})


def write(path: Path, found: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found), encoding="utf-8")


def test_three_waves_are_sealed_and_the_ledger_is_asked_alone_after_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stages = Stages()
    monkeypatch.setattr(waves_study, "run_module", stages)
    monkeypatch.setattr(waves_study, "crown", lambda *_: None)
    found = waves_study.play(8)
    assert [len(found["moments"]), stages.ran.count("seal"), stages.ran.count("train")] == [4, 3, 2]
    assert stages.periods == [0, 1, 2, 3]
    # The last is the ledger alone: nothing has come back from any wave.
    assert stages.responses == [0, 1, 2, 3, 0]
    assert not (paths.TEMPORARY / "waves" / "8").exists()


def test_models_are_trained_before_the_first_wave_and_each_wave_is_measured_before_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stages = Stages()
    monkeypatch.setattr(waves_study, "run_module", stages)
    monkeypatch.setattr(waves_study, "crown", lambda *_: None)
    waves_study.play(8)
    told = [stage for stage in stages.ran if stage in {"train", "decide", "ingest", "measure"}]
    wave = ["decide", "ingest", "measure"]
    assert told == ["ingest", "train", "train", "measure", *3 * wave, "measure"]

"""The policy study keeps each company it has played, and refuses what is no seed."""

import json
import logging
from pathlib import Path

import pytest
import yaml

from pipeline.commands import policy_study
from pipeline.foundation import paths
from pipeline.foundation.errors import ConfigurationError, DataError
from tests.studies.test_policy_page import company

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths.PARAMS.write_text((ROOT / "params.yaml").read_text(encoding="utf-8"), encoding="utf-8")


def test_companies_that_were_played_are_not_played_again(caplog: pytest.LogCaptureFixture) -> None:
    for seed in (5, 6):
        path = paths.policy_study("simulated", seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(company(60, held=True)), encoding="utf-8")
    with caplog.at_level(logging.INFO):
        policy_study.main(["5", "6"])
    folder = paths.STUDIES / "simulated"
    assert json.loads((folder / "policy.json").read_text(encoding="utf-8"))["seeds"] == [5, 6]
    assert (folder / "policy.md").is_file()
    assert len((folder / "policy.csv").read_text(encoding="utf-8").splitlines()) == 1 + 2 * 7
    assert "2 companies" in caplog.text


def test_without_seeds_there_are_ten_and_what_is_no_number_is_refused() -> None:
    assert len(set(policy_study.seeds_of([]))) == 10
    assert policy_study.seeds_of(["3", "4"]) == (3, 4)
    with pytest.raises(ConfigurationError, match="whole numbers as seeds"):
        policy_study.seeds_of(["three"])


def test_a_company_is_a_project_with_this_ones_parameters_but_for_its_seed(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="tuned parameters"):
        policy_study.set_up(tmp_path / "one", 8)
    best = paths.TUNING / "cross_sell" / "best.json"
    best.parent.mkdir(parents=True)
    best.write_text("{}", encoding="utf-8")
    policy_study.set_up(tmp_path / "one", 8)
    assert (tmp_path / "one" / best).read_text(encoding="utf-8") == "{}"
    mine, theirs = (
        yaml.safe_load((folder / paths.PARAMS).read_text(encoding="utf-8"))
        for folder in (Path(), tmp_path / "one")
    )
    assert theirs["source"]["simulated"].pop("seed") == 8
    del mine["source"]["simulated"]["seed"]
    assert theirs == mine


def test_a_stage_that_fails_is_named_with_its_message(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"pipeline\.stages\.score to go through"):
        policy_study.run_module(tmp_path, "pipeline.stages.score")

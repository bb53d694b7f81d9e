"""Parameters are checked before a stage can lose what it wrote."""

from pathlib import Path

import pytest
import yaml

from pipeline.foundation import paths
from pipeline.foundation.errors import ConfigurationError
from pipeline.stages import parameters

PARAMS = Path(paths.PARAMS).resolve()


def test_good_parameters_leave_the_same_note_whatever_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = yaml.safe_load(PARAMS.read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path)
    notes = set()
    for trials in (5, 6):
        content["tune"]["trials"] = trials
        Path("params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
        parameters.main()
        notes.add(paths.PARAMETERS_CHECKED.read_bytes())
    assert len(notes) == 1


def test_a_typo_is_named_and_no_note_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    typo = PARAMS_TEXT.replace("capacities:", "capacitys:")
    Path("params.yaml").write_text(typo, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"Did you mean .?capacities"):
        parameters.main()
    assert not paths.PARAMETERS_CHECKED.exists()


PARAMS_TEXT = PARAMS.read_text(encoding="utf-8")


def test_no_stage_starts_before_the_parameters_are_checked() -> None:
    stages = yaml.safe_load(PARAMS.with_name("dvc.yaml").read_text(encoding="utf-8"))["stages"]
    for first in ("ingest", "measure"):  # all others need one of the two
        assert "data/parameters" in stages[first]["deps"]
    assert stages["parameters"]["deps"][-1] == "params.yaml"


def test_a_rule_that_does_not_exist_is_told_before_the_first_stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    content = yaml.safe_load(PARAMS_TEXT)
    content["contact_policy"]["rules"].append("minimum_agee")
    Path("params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="Did you mean 'minimum_age'"):
        parameters.main()
    assert not paths.PARAMETERS_CHECKED.exists()

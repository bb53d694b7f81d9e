"""`make check-data` says what a run would find, and writes nothing."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.commands import check_data
from pipeline.commands.data_check_page import check_page
from pipeline.foundation.contracts.hand_overs.population_report import PopulationReport

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests/sources/example_company"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "incoming")
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    own: dict[str, Any] = yaml.safe_load((EXAMPLE / "params.yaml").read_text(encoding="utf-8"))
    params["source"] |= own["source"]
    params["source"]["files"]["folder"] = "incoming"
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_the_example_company_gets_to_its_end_and_nothing_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in project.iterdir())
    check_data.main()
    said = capsys.readouterr().out
    assert "product_events          245 in, all valid" in said
    assert "72 customers known on the scoring day" in said
    assert "the gate asks for (promote.min_positives)" in said
    assert said.endswith("A run will get to its end: dvc repro.\n")
    assert sorted(path.name for path in project.iterdir()) == before


def test_a_source_that_cannot_be_read_ends_with_1_and_the_reason(
    project: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    (project / "incoming" / "movimientos.csv").unlink()
    with pytest.raises(SystemExit, match="1"):
        check_data.main()
    assert capsys.readouterr().out == "\nA run would stop:\n"
    assert "movimientos.csv" in caplog.text


def report(tested: int) -> PopulationReport:
    days = {
        "train": (date(2025, 1, 1), date(2025, 2, 1)),
        "validation": (date(2025, 3, 1),),
        "test": (date(2025, 4, 1),),
        "scoring": (date(2025, 5, 1),),
    }
    rows = {
        split: {"all": 90, "eligible": 80, "positives": positives}
        for split, positives in (("train", 300), ("validation", 40), ("test", tested))
    }
    model = {
        "candidates": ("tea",),
        "left_out": ({"category": "pots", "outcomes": 3},),
        "rows": rows,
    }
    return PopulationReport.model_validate(
        {"customers": 70, "as_of_dates": days, "models": {"cross_sell": model}}
    )


def test_dates_outcomes_and_what_they_allow_are_told() -> None:
    said = check_page(None, report(tested=100), 100, is_fit=True)
    assert "Dates: 2 to learn from (2025-01-01 to 2025-02-01), validation 2025-03-01" in said
    assert "cross_sell: 1 categories; outcomes: training 300, validation 40, test 100" in said
    assert "left out: pots (3)" in said
    assert "can be learnt, and its test has outcomes enough to judge it" in said


def test_a_test_with_too_few_outcomes_is_said_to_leave_the_scoring_to_a_rule() -> None:
    said = check_page(None, report(tested=99), 100, is_fit=True)
    assert "the test has 99 outcomes of the 100" in said

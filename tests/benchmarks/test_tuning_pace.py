import json
import sys
from pathlib import Path

import pytest

from benchmarks import tuning
from pipeline.foundation import paths
from tests.stages.model_project import make_project


def test_both_ways_search_the_same_rows_and_reach_the_same_loss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["tuning", "cross_sell", "3"])
    tuning.main()
    written = paths.study("simulated", "throughput", "cross_sell").with_suffix(".json")
    found = json.loads((tmp_path / written).read_text(encoding="utf-8"))
    ratio = found["trials_a_minute"] / found["plain_trials_a_minute"]
    assert found["ratio"] == pytest.approx(ratio, rel=0.01, abs=0.01)  # two digits are kept
    assert found["plain_best_validation_log_loss"] == pytest.approx(
        found["best_validation_log_loss"], rel=0.02
    )

"""A search by hand beside another one of the same model."""

import os
import subprocess
import sys
from pathlib import Path

from pipeline.foundation import paths
from pipeline.stages import tune
from tests.stages.model_project import ROOT, files_of, make_project, run_stages


def test_two_searches_of_a_model_at_once_give_what_one_gives(tmp_path: Path) -> None:
    make_project(tmp_path)
    alone = files_of(run_stages(tmp_path, tune) / paths.TUNING)
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "pipeline.stages.tune", "cross_sell"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [one.communicate()[1] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert files_of(tmp_path / paths.TUNING) == alone

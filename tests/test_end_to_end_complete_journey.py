"""The whole way on the other built-in source, in a file of its own to run beside the first."""

from pathlib import Path

import pytest

from tests.workspace import SMALL, copy_project

pytestmark = pytest.mark.slow


def test_complete_journey_runs_with_no_other_change(tmp_path: Path) -> None:
    slice_of = {
        "source.name": "complete_journey",
        "source.complete_journey.households": 200,
        "source.complete_journey.min_households": 100,
    }
    workspace = copy_project(tmp_path, {**SMALL, **slice_of})
    said = workspace.run("python", "-m", "tests.by_hand")
    assert "completejourney" in said
    switched_off = workspace.json("reports/features.json")["switched_off"]
    assert set(switched_off) == {"digital_behaviour", "surveys"}
    assert workspace.json("data/exports/generic/manifest.json")["as_of_date"] == "2018-01-01"

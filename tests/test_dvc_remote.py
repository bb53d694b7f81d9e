"""A DVC remote: what one clone pushes, a fresh one pulls, and has nothing left to run."""

from pathlib import Path

import pytest

from tests.workspace import Workspace, copy_project

pytestmark = pytest.mark.slow
STAGES = ("parameters", "ingest")


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Give a project whose first stages ran, were committed, and were pushed to a folder."""
    folder = tmp_path_factory.mktemp("remote")
    changes = {"source.simulated.customers": 300, "source.simulated.periods": 14}
    project = copy_project(folder / "first", changes)
    project.run("dvc", "repro", STAGES[-1])
    project.run("dvc", "remote", "add", "--default", "storage", str(folder / "storage"))
    git(project, "add", "dvc.lock", ".dvc/config")
    git(project, "commit", "--quiet", "--message", "The run")
    project.run("dvc", "push", *STAGES)
    return project


def git(project: Workspace, *arguments: str) -> None:
    """Run git as somebody."""
    project.run("git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments)


def test_a_fresh_clone_pulls_what_was_pushed_and_has_nothing_to_run(
    pushed: Workspace, tmp_path: Path
) -> None:
    pushed.run("git", "clone", "--quiet", ".", str(tmp_path / "clone"))
    clone = Workspace(tmp_path / "clone")
    assert not (clone.folder / "data/raw").exists()
    clone.run("dvc", "pull", *STAGES)
    written = {path: hash_ for path, hash_ in pushed.outputs().items() if "checked" not in path}
    assert written.items() <= clone.outputs().items()
    before = (clone.folder / "dvc.lock").read_bytes()
    assert "up to date" in clone.run("dvc", "repro", STAGES[-1])
    assert (clone.folder / "dvc.lock").read_bytes() == before
    assert clone.run("git", "status", "--porcelain") == ""

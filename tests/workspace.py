"""A copy of the project in a folder of its own, to run the real thing in."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
STUDIES = "reports/studies/README.md"  # which promote depends on, studies or none
IDENTITY = ("-c", "user.name=tests", "-c", "user.email=tests@example.org")
SMALL: Mapping[str, object] = {
    "source.simulated.customers": 1000,
    "source.simulated.periods": 18,
    "products.min_outcomes": 20,
    "snapshots.count": 6,
    "tune.trials": 3,
    "tune.max_trees": 60,
    "evaluate.bootstrap_replicates": 30,
}


def environment() -> dict[str, str]:
    """Return what a user's commands see: this Python's programs, and nothing that tests have set."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DVC_", "GIT_", "MLFLOW_", "PYTHONPATH"))
    }
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "DVC_NO_ANALYTICS": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }


@dataclass(frozen=True)
class Workspace:
    """A folder with the project's files, its own git history and no outputs."""

    folder: Path

    def run(self, *command: str) -> str:
        """Run a command as a user would, and return what it printed."""
        done = self.attempt(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def attempt(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command that may fail."""
        return subprocess.run(
            command, cwd=self.folder, env=environment(), capture_output=True, text=True, check=False
        )

    def json(self, path: str) -> Any:
        """Read a JSON file."""
        return json.loads((self.folder / path).read_text(encoding="utf-8"))

    def outputs(self) -> dict[str, str]:
        """Return path -> hash of every file that the stages in dvc.lock have written."""
        lock = yaml.safe_load((self.folder / "dvc.lock").read_text(encoding="utf-8"))
        written = {
            file
            for stage in lock["stages"].values()
            for out in stage["outs"]
            for place in [self.folder / out["path"]]
            for file in ([place] if place.is_file() else place.rglob("*"))
            if file.is_file()
        }
        return {
            file.relative_to(self.folder).as_posix(): sha256(file.read_bytes()).hexdigest()
            for file in sorted(written)
        }


def copy_project(folder: Path, changes: Mapping[str, object]) -> Workspace:
    """Copy what git tracks or would track, without outputs, and commit it with changed params."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        is_output = name.startswith(("data/champion/", "reports/")) and name != STUDIES
        if name == "dvc.lock" or is_output:
            continue
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    path = folder / "params.yaml"
    params = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, value in changes.items():
        *sections, last = name.split(".")
        section = params
        for part in sections:
            section = section[part]
        section[last] = value
    path.write_text(yaml.safe_dump(params, sort_keys=False), encoding="utf-8")
    workspace = Workspace(folder)
    workspace.run("git", "init", "--quiet", "--initial-branch=main")
    workspace.run("git", "add", "--all")
    workspace.run("git", *IDENTITY, "commit", "--quiet", "--message", "A small company")
    return workspace

"""The package carries everything it runs on, and the locks everything it imports."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this tree, built in a copy: no network, and nothing left behind."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    no_bytecode = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "pipeline", source / "pipeline", ignore=no_bytecode)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    flags = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    pip("wheel", str(source), "--wheel-dir", str(built), *flags)
    (found,) = built.glob("*.whl")
    return found


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)


def in_tree() -> set[str]:
    files = {path for path in (ROOT / "pipeline").rglob("*") if path.is_file()}
    return {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    in_wheel = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {Path(name).suffix for name in in_tree()} >= {".py", ".html", ".css"}
    assert in_wheel == in_tree()


def test_the_wheel_carries_its_licence(wheel: Path) -> None:
    archive = ZipFile(wheel)
    (licence,) = (name for name in archive.namelist() if name.endswith("/LICENSE"))
    assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()
    (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
    assert "License-Expression: Apache-2.0\n" in archive.read(metadata).decode()


SHOW_FILES = """
from importlib.resources import files
import pipeline
for path in sorted(one for one in files("pipeline").rglob("*") if one.is_file()):
    print(path.relative_to(files("pipeline").parent))
"""


def test_the_installed_package_is_found_whole_from_another_folder(
    wheel: Path, tmp_path: Path
) -> None:
    flags = ("--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check")
    pip("install", str(wheel), "--target", str(tmp_path / "site"), *flags)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    said = subprocess.run(
        [sys.executable, "-B", "-c", SHOW_FILES],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert {*said.split()} == in_tree()


def imported() -> Iterator[str]:
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.split(".")[0]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[\[<>=]", one)[0].strip()) for one in requirements}


OTHER_NAMES = {
    "ibis": "ibis-framework",
    "markdown_it": "markdown-it-py",
    "ruamel": "ruamel-yaml",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}


def test_whatever_a_run_imports_is_declared_for_a_run() -> None:
    declared = names(PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["spark"])
    for module in sorted({*imported()} - {*sys.stdlib_module_names, "pipeline"}):
        assert normal(OTHER_NAMES.get(module, module)) in declared, f"{module} is not declared"


def locked(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [line.split(" ")[0].split("==") for line in lines if not line.startswith(" ")]
    return {normal(package): version for package, version in pins}


def test_each_lock_holds_what_is_declared_for_it() -> None:
    groups = PROJECT["dependency-groups"]
    assert names(PROJECT["project"]["dependencies"]) <= locked("requirements.lock").keys()
    assert names(groups["dev"]) <= locked("requirements-dev.lock").keys()
    assert names(groups["spark"]) <= locked("requirements-spark.lock").keys()


def test_what_a_run_installs_holds_nothing_that_only_tests_need() -> None:
    run = locked("requirements.lock")
    only_tests = names(PROJECT["dependency-groups"]["dev"]) - names(["setuptools"])
    assert not only_tests & run.keys()


@pytest.mark.parametrize("name", ["requirements-dev.lock", "requirements-spark.lock"])
def test_a_lock_beside_the_first_changes_no_version_of_it(name: str) -> None:
    run, beside = locked("requirements.lock"), locked(name)
    assert {one: run[one] for one in run.keys() & beside.keys()} == {
        one: beside[one] for one in run.keys() & beside.keys()
    }


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-dev.lock", "requirements-spark.lock"]
)
def test_a_lock_names_versions_and_hashes_and_no_addresses(name: str) -> None:
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        assert re.match(r"    --hash=sha256:[0-9a-f]{64}( \\)?$|[\w.-]+==[\w.]+ (;.* )?\\$", line)


def asked_of_make(target: str) -> str:
    return subprocess.run(
        ["make", "--dry-run", "--always-make", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.parametrize("target", ["repro", "study", "seal", "measure", "ui"])
def test_a_run_installs_the_first_lock_only(target: str) -> None:
    said = asked_of_make(target)
    assert "--requirement requirements.lock" in said
    assert "requirements-dev.lock" not in said


@pytest.mark.parametrize("target", ["test", "test-all", "lint"])
def test_what_checks_the_project_installs_the_second_lock_after_the_first(target: str) -> None:
    said = asked_of_make(target)
    first, second = said.index("--requirement requirements.lock"), said.index("-dev.lock")
    assert first < second


def test_hooks_before_a_commit_are_local_and_run_what_the_locks_install() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    repositories: list[dict[str, Any]] = yaml.safe_load(text)["repos"]
    assert [one["repo"] for one in repositories] == ["local"]
    started = [hook["entry"].split(" ")[0] for hook in repositories[0]["hooks"]]
    assert started == [".venv/bin/ruff", ".venv/bin/ruff", ".venv/bin/mypy"]
    assert {"ruff", "mypy"} <= locked("requirements-dev.lock").keys()

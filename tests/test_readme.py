"""The README cannot lie: its commands exist, and its example is the one that is tested."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands() -> list[str]:
    lines = [line for block in blocks("console") for line in block.splitlines()]
    return [line.removeprefix("$ ") for line in lines] + re.findall(r"`([^`\n]+)`", README)


def test_every_make_target_that_the_readme_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {name for line in commands() for name in re.findall(r"^make ([a-z-]+)", line)}
    assert {"repro", "test", "ui"} <= named
    assert named <= targets


def test_every_parameter_that_the_readme_sets_exists() -> None:
    params: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    named = {path for line in commands() for path in re.findall(r"-S ([\w.]+)=", line)}
    assert len(named) >= 3
    for path in sorted(named):
        section: Any = params
        for part in path.split("."):
            assert part in section, f"README sets {path}"
            section = section[part]


def test_the_example_of_the_users_own_data_is_the_one_that_the_tests_ingest() -> None:
    tested = yaml.safe_load(
        (ROOT / "tests/sources/example_company/params.yaml").read_text(encoding="utf-8")
    )
    shown = [yaml.safe_load(block) for block in blocks("yaml")]
    assert tested["source"]["files"]["tables"] in [
        block["source"]["files"]["tables"] for block in shown if "source" in block
    ]


def test_every_file_of_the_project_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"`((?:pipeline|tests|docs)/[\w/.-]+)`", README))
    assert named
    assert not [name for name in sorted(named) if not (ROOT / name).exists()]

"""The README cannot lie: its commands exist, and its example is the one that is tested."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from pipeline.commands.figures import read_families
from pipeline.reports import readme_families as families
from pipeline.reports.readme_families import put_families
from pipeline.reports.readme_figures import END, START, put_figures

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


def test_the_figures_are_those_of_the_reports() -> None:
    reports = {path.stem: path for path in sorted((ROOT / "reports/evaluation").glob("*.json"))}
    found = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in reports.items()}
    assert list(found) == ["cross_sell", "up_sell"]
    assert put_figures(README, found) == README, (
        "README.md shows other figures than reports/evaluation; run `make figures`"
    )


def test_the_worth_of_the_families_is_that_of_the_studies() -> None:
    assert put_families(README, read_families()) == README, (
        "README.md shows other figures than reports/studies; run `make figures`"
    )


def test_a_family_that_is_surely_missed_is_bold() -> None:
    worth = pd.DataFrame(
        [
            ["all", 0.75, 0.0, 0.0],
            ["without surveys", 0.7488, -0.0012, 0.0001],
            ["without affinity", 0.7499, -0.0001, -0.0001],
            ["only surveys", 0.6, -0.15, 0.1],
            ["only affinity", 0.7, -0.05, 0.1],
            ["none", 0.55, -0.2, 0.2],
        ],
        columns=["variant", "auc", "auc_difference", "log_loss_difference_low"],
    )
    text = put_families(
        f"before\n{families.START}\nold\n{families.END}\nafter\n", {"mine": {"up_sell": worth}}
    )
    assert text == (
        f"before\n{families.START}\n\n"
        "| `mine` | Up-sell, left out | Up-sell, alone |\n| --- | --- | --- |\n"
        "| `surveys` | **-0.0012** | 0.600 |\n| `affinity` | -0.0001 | 0.700 |\n"
        "| all families |  | 0.750 |\n| the category alone |  | 0.550 |\n\n"
        f"{families.END}\nafter\n"
    )


def test_each_table_of_figures_is_of_its_own_model() -> None:
    figure = {"value": 0.5, "low": 0.25, "high": 0.75}
    scorer = dict.fromkeys(
        ("auc", "average_precision", "log_loss", "lift_at_10", "base_rate", "ece"), figure
    ) | {"calibration_slope": figure}
    other = {**scorer, "auc": {"value": 0.9, "low": 0.8, "high": 0.95}}
    evaluation = {"rows": 1000, "positives": 20, "achievable_gain_share": {}}
    text = put_figures(
        f"before\n{START}\nold\n{END}\nafter\n",
        {
            "cross_sell": {**evaluation, "scorers": {"model": scorer}},
            "up_sell": {**evaluation, "scorers": {"model": other}},
        },
    )
    cross_sell, up_sell = text.split("**Up-sell**")
    assert "| **Trained model** | 0.500 <sub>0.250–0.750</sub>" in cross_sell
    assert "| **Trained model** | 0.900 <sub>0.800–0.950</sub>" in up_sell
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text


def test_the_picture_of_the_rooms_is_that_of_the_architecture() -> None:
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = re.findall(r"^\| `(\w+)` \|", architecture, re.MULTILINE)
    picture = README.split("## How it is built")[1].split("```")[1]
    assert re.findall(r"\w+", picture) == rooms


def test_the_number_of_packages_is_that_of_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    packages = sum("==" in line for line in lock.splitlines())
    assert f"installing {packages} pinned packages" in README

"""README and documents cannot lie: their commands exist, and their example is the one that is tested."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from pipeline.commands.figures import read_families
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.io.documents import read_document
from pipeline.reports.readme.readme_families import put_families
from pipeline.reports.readme.readme_figures import put_figures

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
TEXT = "\n".join([README, *DOCS.values()])


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def commands() -> list[str]:
    lines = [line for block in blocks("console") for line in block.splitlines()]
    return [line.removeprefix("$ ") for line in lines] + re.findall(r"`([^`\n]+)`", TEXT)


def test_the_readme_is_one_screen_and_shows_the_report() -> None:
    assert len(README.splitlines()) <= 60
    assert (ROOT / "docs/images/report.png").stat().st_size < 300_000
    assert "docs/images/report.png" in README
    assert "reports/index.html" in README


def test_every_link_of_readme_and_documents_leads_somewhere() -> None:
    for folder, text in ((ROOT, README), *((ROOT / "docs", one) for one in DOCS.values())):
        links = set(re.findall(r"\]\(([^):#]+)\)", text))
        assert not [one for one in sorted(links) if not (folder / one).exists()]


def test_every_command_of_the_pipeline_that_a_document_names_exists() -> None:
    named = {name for line in commands() for name in re.findall(r"python -m ([\w.]+)", line)}
    assert "pipeline.commands.why" in named
    assert not [one for one in named if not (ROOT / f"{one.replace('.', '/')}.py").is_file()]


def test_every_make_target_that_the_readme_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {name for line in commands() for name in re.findall(r"^make ([a-z][a-z-]+)", line)}
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
        block["source"].get("files", {}).get("tables") for block in shown if "source" in block
    ]


def test_every_file_of_the_project_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"`((?:pipeline|tests|docs)/[\w/.-]+)`", TEXT))
    assert named
    assert not [name for name in sorted(named) if not (ROOT / name).exists()]


def test_the_figures_are_those_of_the_reports() -> None:
    reports = {path.stem: path for path in sorted((ROOT / "reports/evaluation").glob("*.json"))}
    found = {name: read_document(path, EvaluationReport) for name, path in reports.items()}
    assert list(found) == ["cross_sell", "up_sell"]
    assert put_figures(DOCS["quality"], found) == DOCS["quality"], (
        "docs/quality.md shows other figures than reports/evaluation; run `make figures`"
    )


def test_the_worth_of_the_families_is_that_of_the_studies() -> None:
    assert put_families(DOCS["quality"], read_families()) == DOCS["quality"], (
        "docs/quality.md shows other figures than reports/studies; run `make figures`"
    )


def test_the_picture_of_the_rooms_is_that_of_the_architecture() -> None:
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = re.findall(r"^\| `(\w+)` \|", architecture, re.MULTILINE)
    picture = DOCS["concepts"].split("## How it is built")[1].split("```")[1]
    assert re.findall(r"\w+", picture) == rooms


def test_the_number_of_packages_is_that_of_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    packages = sum("==" in line for line in lock.splitlines())
    assert f"installing {packages} pinned packages" in DOCS["first_run"]


def report_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "reports" / name).read_text(encoding="utf-8"))
    return found


def test_what_the_readme_claims_of_the_wave_is_the_claim_of_the_committed_run() -> None:
    claim = report_of("funnel.json")["claim"]
    added, low, high = (
        f"{claim['incremental_profit_cents'][name] / 100:,.0f}".replace("-", "−")
        for name in ("value", "low", "high")
    )
    told = f"it contacts {claim['contacted']:,}, for {claim['contact_cost_cents'] / 100:,.0f}"
    assert f"{told}, which is expected to add {added} ({low} to {high})" in README


def test_the_run_that_the_readme_shows_is_the_one_of_the_reports() -> None:
    run = DOCS["first_run"].split("What `make repro` says")[1].split("```")[1]
    tables = report_of("validation.json")["tables"].values()
    came, valid, quarantined = (
        sum(table[key] for table in tables) for key in ("rows_in", "valid", "quarantined")
    )
    assert f"{came:,} rows in = {valid:,} valid + {quarantined:,} quarantined" in run
    figures = report_of("metrics/cross_sell.json")
    for name in ("auc", "average_precision", "log_loss", "lift_at_10"):
        assert f" {figures[name]}" in run, f"{name} of the run shown is another"
    funnel = report_of("funnel.json")
    assert f"{funnel['wave']}: {funnel['customers']:,} customers in" in run
    assert f"{funnel['offers']['sent']:,} are to be contacted" in run

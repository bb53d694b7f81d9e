"""The documents cannot lie: what they name exists, and the rooms they list are the rooms."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.reports.glossary import glossary_markdown
from tests.test_architecture import LAYERS

ROOT = Path(__file__).parent.parent
DOCUMENTS = (
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATH = re.compile(r"`((?:pipeline|tests|docs|benchmarks|notebooks|\.ci)/[^`\s]*)`")
FOUNDATION = ("errors", "paths", "config", "running", "contracts", "engines")


def named_in(text: str) -> set[str]:
    """Return the paths of a text as patterns: `<name>` is any name, `::` begins a test's name."""
    return {re.sub(r"<\w+>", "*", path.split("::")[0]) for path in PATH.findall(text)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    missing = {
        path
        for path in named_in(document.read_text(encoding="utf-8"))
        if not any(ROOT.glob(path.rstrip("/")))
    }
    assert not sorted(missing)


def test_paths_are_found_in_a_text() -> None:
    text = "see `pipeline/gone.py`, `tests/a.py::test_b`, `pipeline/features/<name>/compute.py`"
    assert named_in(text) == {"pipeline/gone.py", "tests/a.py", "pipeline/features/*/compute.py"}


@cache
def functions_in(file: str) -> set[str]:
    nodes = ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def test_every_test_that_holds_an_invariant_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", ARCHITECTURE)
    assert len(named) >= 17
    assert not [f"{file}::{test}" for file, test in named if test not in functions_in(file)]


def test_every_invariant_names_what_holds_it() -> None:
    section = ARCHITECTURE.split("## The invariants")[1].split("\n## ")[0]
    invariants = re.split(r"^\d+\. ", section, flags=re.MULTILINE)[1:]
    assert len(invariants) == 17
    assert not [one for one in invariants if not re.search(r"`(tests|benchmarks)/", one)]


def test_the_rooms_are_listed_in_the_order_of_the_imports() -> None:
    section = ARCHITECTURE.split("## The rooms")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    folders = {path.parent.name for path in (ROOT / "pipeline").glob("*/__init__.py")}
    assert set(listed) == folders
    layers = ["foundation", *(layer for layer in LAYERS if layer not in FOUNDATION)]
    assert listed == [layer for layer in layers if layer in folders]


def test_the_files_of_the_ten_steps_are_written_by_a_stage_or_given_to_one() -> None:
    dvc: dict[str, Any] = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    declared = {
        re.sub(r"\$\{.*", "", entry if isinstance(entry, str) else next(iter(entry)))
        for stage in dvc["stages"].values()
        for kind in ("deps", "outs", "metrics")
        for entry in stage.get(kind, [])
    }
    steps = ARCHITECTURE.split("ten steps")[1].split("\n## ")[0]
    named = re.findall(r"`((?:data|reports)/[^`]*)`", steps)
    assert len(named) >= 10
    assert not [
        path for path in named if not any(path.startswith(one.rstrip("/")) for one in declared)
    ]


def test_contributing_tells_how_to_add_each_thing_with_a_file_to_imitate() -> None:
    recipes = CONTRIBUTING.split("\n## To add ")[1:]
    things = [recipe.splitlines()[0] for recipe in recipes]
    assert things == [
        "a feature",
        "a feature family",
        "a source",
        "a shop template",
        "an engine",
        "a CRM format",
        "a text of the pages",
        "a contact rule",
    ]
    assert not [
        thing for thing, recipe in zip(things, recipes, strict=True) if len(named_in(recipe)) < 2
    ]
    assert not [
        thing for thing, recipe in zip(things, recipes, strict=True) if "Imitate" not in recipe
    ]


def test_every_make_target_that_contributing_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", CONTRIBUTING)) <= targets


def test_the_glossary_is_written_from_the_one_list() -> None:
    written = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    assert written == glossary_markdown(), "run `make glossary`"


# A private word for what the field has a term for.
REFUSED = {
    "day of looking": "as-of date",
    "surely": "significantly",
    "stated": "predicted",
    "test period": "holdout",
    "hyper-parameter": "hyperparameter",
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_use_the_terms_of_the_field(document: Path) -> None:
    text = document.read_text(encoding="utf-8").lower()
    used = {word for word in REFUSED if re.search(rf"\b{word}\b", text)}
    assert not {word: f"say {REFUSED[word]!r}" for word in used}

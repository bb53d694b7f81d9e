"""The recipe of CONTRIBUTING.md, "To add a feature", followed in a copy of the project."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAMILY = Path("pipeline", "features", "families", "surveys")
SENTENCES: Mapping[str, Mapping[str, str]] = {
    "en": {"valued": "Was asked {value} [time|times]"},
    "es": {"valued": "Encuestado {value} [vez|veces]"},
    "pt-PT": {"valued": "Inquirido {value} [vez|vezes]"},
}
# Two surveys of Ana before the as-of date, one after it.
SCRIPT = """
import json
from datetime import date
from pipeline.features.declared_family import load_declarations
from pipeline.features.reason_eligibility import is_eligible_reason
import pandas as pd
from tests.features.answers import answer
sent = ["2025-02-01 10:00", "2025-02-20 10:00", "2025-03-02 10:00"]
ledger = {
    "customers": [{"customer_id": "ana", "signed_up_on": "2024-01-01"}],
    "products": [{"product_id": "tv1", "category": "tv", "tier": 1}],
    "surveys": [
        {"survey_id": str(place), "customer_id": "ana", "instrument": "nps", "sent_at": moment}
        for place, moment in enumerate(sent)
    ],
}
(family,) = load_declarations(["surveys"])
added = next(feature for feature in family.features if feature.name == "times_asked")
found = answer("surveys", ledger, "2025-03-01", "ana")
column = family.column(added)
values = pd.Series([1.0, 2.0])
print(json.dumps({
    "value": found["times_asked"],
    "told": added.sentences("es").valued,
    "eligible": is_eligible_reason(column, values).tolist(),
}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the code, so that the feature is added to nothing that others test."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("pipeline", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def put(path: Path, before: str, text: str) -> None:
    """Put a text before another, which is there once."""
    source = path.read_text(encoding="utf-8")
    assert source.count(before) == 1
    path.write_text(source.replace(before, text + before), encoding="utf-8")


def test_the_recipe_names_all_files_that_the_feature_below_touches() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipe = contributing.split("## To add a feature\n")[1].split("\n## ")[0]
    named = set(re.findall(r"`pipeline/features/families/<family>/([\w.-]+)`", recipe))
    assert named == {
        "compute.py",
        "declare.py",
        *(f"reasons.{one}.yaml" for one in (*SENTENCES, "pt-BR")),
    }


def test_a_feature_is_added_by_the_recipe_and_by_nothing_else(copy: Path) -> None:
    declaration = '    Feature("times_asked", "Surveys sent", "count", NEVER, as_reason=ReasonRange(least=2)),\n'
    declare = copy / FAMILY / "declare.py"
    source = declare.read_text(encoding="utf-8").replace("import (", "import ReasonRange, (", 1)
    declare.write_text(source, encoding="utf-8")
    put(declare, '    Feature(\n        "last_score"', declaration)
    put(declare, "\nNEEDS", "from pipeline.features.reason_range import ReasonRange\n")
    put(
        copy / FAMILY / "compute.py",
        "        answered_share=",
        "        times_asked=asked.count(),\n",
    )
    for language, sentences in SENTENCES.items():
        path = copy / FAMILY / f"reasons.{language}.yaml"
        texts = "".join(f'  {name}: "{text}"\n' for name, text in sentences.items())
        put(path, "last_score:\n", f"times_asked:\n{texts}")

    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=copy, check=False, capture_output=True, text=True
    )

    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout.splitlines()[-1]) == {
        "value": 2,
        "told": "Encuestado {value} [vez|veces]",
        "eligible": [False, True],
    }

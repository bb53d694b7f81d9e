"""Each notebook is its script: what is reviewed is what is run."""

import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
SCRIPTS = sorted(NOTEBOOKS.glob("*.py"))


def cells_of_script(path: Path) -> list[str]:
    body = path.read_text(encoding="utf-8").split("# ---\n", 2)[2]
    cells = re.split(r"^# %%( \[markdown\])?\n", body, flags=re.MULTILINE)[1:]
    return [
        re.sub(r"^# ?", "", text, flags=re.MULTILINE).strip() if kind else text.strip()
        for kind, text in zip(cells[::2], cells[1::2], strict=True)
    ]


def test_there_are_four_notebooks_each_with_its_script() -> None:
    assert len(SCRIPTS) == 4
    assert [path.with_suffix(".ipynb") for path in SCRIPTS] == sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_says_what_its_script_says_and_keeps_no_outputs(script: Path) -> None:
    notebook = json.loads(script.with_suffix(".ipynb").read_text(encoding="utf-8"))
    cells = notebook["cells"]
    assert ["".join(cell["source"]).strip() for cell in cells] == cells_of_script(script), (
        f"{script.name} and its notebook differ: run `make notebooks`"
    )
    assert not [cell for cell in cells if cell.get("outputs")]

"""The sample report is of the run whose figures the documents quote, and all that it links to is there."""

import json
import re
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "docs/sample"
REPORTS = Path(__file__).parents[2] / "reports"
PAGES = sorted(path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*.html"))


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_the_sample_leads_to_a_file_beside_it(page: str) -> None:
    text = (SAMPLE / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r'href="([^"#]*)', text) if link]
    assert links
    for link in links:
        assert ((SAMPLE / page).parent / link).is_file(), link


def test_the_sample_shows_the_funnel_of_the_committed_run() -> None:
    funnel = json.loads((REPORTS / "funnel.json").read_text(encoding="utf-8"))
    text = (SAMPLE / "index.html").read_text(encoding="utf-8")
    assert f"{funnel['claim']['contacted']:,}" in text


def test_the_tables_of_the_sample_are_those_of_the_committed_run() -> None:
    tables = sorted(SAMPLE.rglob("*.csv"))
    assert len(tables) > 5
    for table in tables:
        assert table.read_bytes() == (REPORTS / table.relative_to(SAMPLE)).read_bytes()

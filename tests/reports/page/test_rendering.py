"""The page stands alone: no network, no script, every drawing told in words."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from pipeline.reports.page.composition import compose
from pipeline.reports.page.parts import Report
from pipeline.reports.page.rendering import render
from tests.reports.inputs import page_inputs

VOID = {"meta", "img", "br", "link"}


class Tags(HTMLParser):
    """Collects tags and checks that each is closed in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        if tag == "img":
            self.images.append(dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def report() -> Report:
    return compose(page_inputs())


def parse(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


def test_the_page_needs_no_network_and_no_script(report: Report) -> None:
    page = render(report)
    tags = parse(page)
    assert not tags.names & {"script", "link", "iframe"}
    assert not re.search(r"""src=["'](?!data:)""", page)
    assert not re.search(r"""href=["'](/|[^"']*:|\.\.)""", page)
    assert "url(" not in page


def test_every_drawing_is_told_in_words(report: Report) -> None:
    images = parse(render(report)).images
    assert len(images) == 15
    assert all(len(image["alt"] or "") > 40 for image in images)


def test_the_page_has_the_same_bytes_every_time(report: Report) -> None:
    assert render(report) == render(report)


def test_verdict_provenance_left_out_categories_and_missing_tables_are_on_the_page(
    report: Report,
) -> None:
    page = render(report)
    for told in (
        "Nobody in it exists.",
        "This is decided.",
        "It does not beat rfm: 0.1.",
        "tea (3 outcomes in training)",
        "The source has no table surveys.",
        "Last score of any instrument",
    ):
        assert told in page


def test_every_section_is_in_the_contents_and_every_link_on_the_page_leads_somewhere(
    report: Report,
) -> None:
    page = render(report)
    leads = set(re.findall(r'href="#([^"]+)"', page))
    assert {"wave", "caused", "customers", "up_sell", "data", "files"} <= leads
    assert leads <= set(re.findall(r' id="([^"]+)"', page))


def test_other_files_are_linked_by_where_they_lie_beside_the_page(report: Report) -> None:
    page = render(report)
    for place in ("measurement.md", "associations/README.md", "card.md"):
        assert f'<a href="{place}">' in page


def test_what_the_data_say_is_never_read_as_html(report: Report) -> None:
    page = render(replace(report, statement="<script>alert(1)</script>"))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page

"""The pages stand alone: no network, no other file, every drawing told in words."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from pipeline.reports.page.composition import compose_campaign, compose_models
from pipeline.reports.page.rendering import render_campaign, render_models
from tests.reports.inputs import page_inputs

VOID = {"meta", "img", "br", "link", "input"}


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


def campaign() -> str:
    return render_campaign(compose_campaign(page_inputs()))


def models() -> str:
    return render_models(compose_models(page_inputs()))


PAGES = pytest.mark.parametrize("page", [campaign(), models()], ids=["campaign", "models"])


def parse(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


@PAGES
def test_no_page_needs_a_network(page: str) -> None:
    tags = parse(page)
    assert not tags.names & {"link", "iframe", "object", "embed"}
    assert not re.search(r"fetch|XMLHttpRequest|import\s*\(|WebSocket|sendBeacon", page)
    assert not re.search(r"""src=["'](?!data:)""", page)
    assert not re.search(r"""href=["'](/|[^"']*:|\.\.)""", page)
    assert "url(" not in page


def test_the_page_of_the_models_needs_no_script() -> None:
    assert "script" not in parse(models()).names


@PAGES
def test_every_drawing_is_told_in_words(page: str) -> None:
    images = parse(page).images
    assert images
    assert all(len(image["alt"] or "") > 40 for image in images)


def test_equal_inputs_give_equal_bytes() -> None:
    assert campaign() == campaign()
    assert models() == models()


def test_the_first_screen_says_whom_to_contact_what_it_adds_what_it_costs_and_which_file() -> None:
    first_screen = campaign().partition("<nav")[0]
    for said in (
        "<dd>4<small>of 10</small></dd>",
        "<dd>2<small>0 to 2</small></dd>",  # 1.5 (0.5 to 2.5), rounded half to even
        "<dd>988<small>\u221212 to 1,500</small></dd>",
        "<dd>estimated<small>estimated: 3, assumed: 1</small></dd>",
        "the contacts may add nothing",
        (
            "3 contacts are drawn at random, to learn what a contact causes "
            "(<code>experiment.exploration_share</code>); 2 of them are expected to cost more than "
            "they add, a loss of 12 in all"
        ),
        "generic/offers.csv",
        "43.0%",
    ):
        assert said in first_screen


def test_the_page_of_the_models_has_verdict_left_out_categories_and_missing_tables() -> None:
    page = models()
    for said in (
        "Nobody in it exists.",
        "This is decided.",
        "It does not beat rfm: 0.1.",
        "tea (3 outcomes in training)",
        "The source has no table surveys.",
        "Last score of any instrument",
        "best tenth (lift 3.20) finds 2.13 times what recency, frequency and value would (lift 1.50).",
        "the 95% interval over customers); none is off beyond chance.",
        "Observed over predicted by category, forest plot: loan 1.25",
    ):
        assert said in page


def test_recommendations_stand_by_name_with_how_sure_they_are() -> None:
    page = campaign()
    for said in ("Kettle (P1)", "Tea (P2)", "1.4 to 3.1", "none of the 2 that were looked at pays"):
        assert said in page


@PAGES
def test_every_link_on_a_page_leads_somewhere(page: str) -> None:
    leads = set(re.findall(r'href="#([^"]+)"', page))
    assert {"files", "words"} <= leads
    assert leads <= set(re.findall(r' id="([^"]+)"', page))


def test_both_pages_and_other_files_are_linked_by_where_they_lie() -> None:
    for place in ("models.html", "measurement.md", "associations/README.md"):
        assert f'<a href="{place}">' in campaign()
    for place in ("index.html", "card.md"):
        assert f'<a href="{place}">' in models()


def test_what_the_data_say_is_never_read_as_html() -> None:
    page = compose_campaign(page_inputs())
    said = render_campaign(replace(page, statement="<script>alert(1)</script>"))
    assert "<script>alert" not in said
    assert "&lt;script&gt;" in said

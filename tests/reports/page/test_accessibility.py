"""What an accessibility checker asks of both pages: names, headings in order, colours that contrast."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.reports.page import rendering
from pipeline.reports.page.composition import compose_campaign, compose_models
from pipeline.reports.page.rendering import render_campaign, render_models
from tests.reports.inputs import page_inputs

CSS = (Path(rendering.__file__).parent / "templates" / "page.css").read_text(encoding="utf-8")
LEAST_CONTRAST = 4.5  # of text, WCAG 2.2, 1.4.3 (AA)
PAGES = {
    "campaign": render_campaign(compose_campaign(page_inputs())),
    "models": render_models(compose_models(page_inputs())),
}
EITHER_PAGE = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())


class Elements(HTMLParser):
    """Collects elements with their attributes, in the order of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in tags]


def colours(mode: str) -> dict[str, str]:
    """Return the custom properties of one mode; the dark one comes second."""
    roots = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    found = roots[0] if mode == "light" else roots[1]
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", found))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_contrast_that_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "tint"])
@pytest.mark.parametrize("text", ["ink", "soft", "model", "warn"])
def test_text_contrasts_with_its_ground(mode: str, ground: str, text: str) -> None:
    known = colours(mode)
    assert contrast(known[text], known[ground]) >= LEAST_CONTRAST


@EITHER_PAGE
def test_a_page_names_its_language_and_has_one_title_one_heading_and_one_main_part(
    page: str,
) -> None:
    elements = Elements(page)
    assert [one["lang"] for one in elements.named("html")] == ["en"]
    assert [len(elements.named(tag)) for tag in ("title", "h1", "main")] == [1, 1, 1]


@EITHER_PAGE
def test_headings_go_down_one_level_at_a_time(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Elements(page).found if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(lower - upper <= 1 for upper, lower in pairwise(levels))


@EITHER_PAGE
def test_every_table_drawing_and_region_has_a_name(page: str) -> None:
    elements = Elements(page)
    assert all(one.get("aria-label") for one in elements.named("table"))
    assert all(one.get("alt") for one in elements.named("img"))
    labelled = [one for one in elements.named("div", "svg", "nav") if "role" in one]
    assert all(one.get("aria-label") for one in labelled)


@EITHER_PAGE
def test_no_two_landmarks_have_the_same_name(page: str) -> None:
    elements = Elements(page)
    regions = [one for tag, one in elements.found if tag == "nav" or one.get("role") == "region"]
    names = [one.get("aria-label") for one in regions]
    assert names
    assert len(names) == len(set(names))


@EITHER_PAGE
def test_every_heading_cell_says_what_it_heads(page: str) -> None:
    assert all(one.get("scope") in {"col", "row"} for one in Elements(page).named("th"))


@EITHER_PAGE
def test_every_input_has_a_label(page: str) -> None:
    elements = Elements(page)
    labels = {one.get("for") for one in elements.named("label")}
    for one in elements.named("input", "select"):
        assert one.get("aria-label") or one.get("id") in labels


@EITHER_PAGE
def test_no_two_elements_share_an_id(page: str) -> None:
    ids = [attributes["id"] for _, attributes in Elements(page).found if "id" in attributes]
    assert len(ids) == len(set(ids))

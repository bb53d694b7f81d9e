"""Linked Markdown becomes pages of one look, which need no network and link to where things lie."""

from html.parser import HTMLParser

from pipeline.reports.page.documents import LinkedDocument, compose_document, page_of
from pipeline.reports.page.rendering import render_document

TEXT = """# Product associations

See [hooks.csv](hooks.csv), [a site](https://example.org) and `<script>` or <b>this</b>.

| name | share |
| --- | ---: |
| tea | 0.5 |
"""


def page(path: str = "associations/README.md") -> str:
    links = {"Next campaign": "index.html"}
    return render_document(compose_document(LinkedDocument(path, TEXT), links))


def test_a_page_is_named_after_its_document_or_its_folder() -> None:
    assert page_of("associations/README.md") == "pages/associations.html"
    assert page_of("model_cards/up_sell.md") == "pages/model_cards_up_sell.html"
    assert page_of("measurement.md") == "pages/measurement.html"


def test_links_hold_from_where_the_page_lies() -> None:
    shown = page()
    assert 'href="../associations/hooks.csv"' in shown
    assert 'href="https://example.org"' in shown
    assert '<a href="../index.html">Next campaign</a>' in shown


def test_html_of_a_document_is_shown_as_text() -> None:
    assert "<b>" not in page()
    assert "&lt;b&gt;this" in page()


def test_a_table_can_be_scrolled_and_the_page_has_one_title() -> None:
    shown = page()
    assert '<div class="scroll" role="region" aria-label="Table" tabindex="0">\n<table>' in shown
    assert shown.count("<h1>") == 1
    assert "<title>Product associations</title>" in shown
    HTMLParser().feed(shown)

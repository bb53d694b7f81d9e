"""Linked Markdown becomes pages of one look, which need no network and link to where things lie."""

import math
from html.parser import HTMLParser

import pandas as pd

from pipeline.foundation.display_names import DisplayNames
from pipeline.reports.language.words import Words
from pipeline.reports.page.documents import LinkedDocument, compose_document, page_of
from pipeline.reports.page.rendering import render_document
from pipeline.reports.page.table_documents import tell_thresholds, tell_vouchers

TEXT = """# Product associations

See [hooks.csv](hooks.csv), [a site](https://example.org) and `<script>` or <b>this</b>.

| name | share |
| --- | ---: |
| tea | 0.5 |
"""


SPANISH = Words(DisplayNames("es"), "EUR")


def page(path: str = "associations/README.md", say: Words | None = None) -> str:
    links = {"Next campaign": "index.html"}
    document = LinkedDocument(path, TEXT, {"hooks.csv": 6761})
    return render_document(compose_document(document, links, say or Words()), say)


def test_a_page_is_named_after_its_document_or_its_folder() -> None:
    assert page_of("associations/README.md") == "pages/associations.html"
    assert page_of("model_cards/up_sell.md") == "pages/model_cards_up_sell.html"
    assert page_of("measurement.md") == "pages/measurement.html"


def test_links_hold_from_where_the_page_lies() -> None:
    shown = page()
    assert 'href="../associations/hooks.csv" download>hooks.csv</a> (CSV, 7 kB)' in shown
    assert 'href="https://example.org"' in shown
    assert '<a href="../index.html">Next campaign</a>' in shown


def test_html_of_a_document_is_shown_as_text() -> None:
    assert "<b>" not in page()
    assert "&lt;b&gt;this" in page()


def test_a_table_can_be_scrolled_and_the_page_has_one_title() -> None:
    shown = page()
    assert '<div class="scroll" role="group" aria-label="Table" tabindex="0">\n<table>' in shown
    assert shown.count("<h1>") == 1
    assert "<title>Product associations</title>" in shown
    HTMLParser().feed(shown)


def test_a_document_speaks_the_language_of_the_report() -> None:
    shown = page(say=SPANISH)
    assert '<html lang="es">' in shown
    assert "<th>nombre</th>" in shown
    assert ">0,5</td>" in shown
    assert '<nav aria-label="Volver al informe">' in shown
    assert '<a href="../index.html">Próxima campaña</a>' in shown


def test_a_table_of_thresholds_is_read_as_money_shares_and_words() -> None:
    table = pd.DataFrame(
        {
            "segment": ["at_risk"],
            "threshold_cents": [1500],
            "orders": [306750],
            "share_just_below": [0.131364],
            "share_above": [0.708675],
            "mean_missing_cents": [141],
            "expected_gain_cents": [-33297713],
            "break_even_take_up": [math.nan],
            "break_even_gift_cents": [0],
            "pays": [False],
        }
    )
    document = tell_thresholds(table, "offers/spend_thresholds.csv")
    assert document.page == "pages/offers_spend_thresholds.html"
    shown = render_document(compose_document(document, {}, SPANISH), SPANISH)
    cells = ["15 €", "306.750", "13,1 %", "70,9 %", "1,41 €", "−332.977 €", "–", "0,00 €", "no"]
    for cell in cells:
        assert f">{cell}</td>" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert "spend_thresholds.csv</a> (CSV)" in shown


def test_a_table_of_vouchers_has_a_row_a_segment() -> None:
    table = pd.DataFrame(
        {
            "segment": ["at_risk"],
            "purchases": [26950],
            "median_cents": [1830],
            "median_days_to_next": [14],
            "voucher_cents": [200],
            "min_spend_cents": [2000],
            "expiry_days": [14],
            "share_back_unprompted": [0.479072],
            "break_even_additional_share": [0.309149],
        }
    )
    text = tell_vouchers(table, "offers/bounce_back.csv").text
    assert "| At risk | 26,950 | ¤18.30 | 14 | ¤2.00 | ¤20.00 | 14 | 47.9% | 30.9% |" in text

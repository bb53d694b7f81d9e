"""report: what every stage wrote -> reports/index.html and models.html, which need no network."""

import logging
from pathlib import Path

from pipeline.foundation import config, paths
from pipeline.foundation.display_names import DisplayNames
from pipeline.foundation.running import run
from pipeline.io.page_reading import read_linked_documents, read_page_inputs
from pipeline.reports.charts.canvas import drawn_in
from pipeline.reports.language.words import Words
from pipeline.reports.page.composition import compose_campaign, compose_models
from pipeline.reports.page.documents import compose_document
from pipeline.reports.page.rendering import render_campaign, render_document, render_models

log = logging.getLogger(__name__)


def main() -> None:
    """Write both pages."""
    params = config.load()
    names = DisplayNames(params.report.language, params.products.category_names)
    say = Words(names, params.report.currency)
    inputs = read_page_inputs(params)
    with drawn_in(say):
        campaign, models = compose_campaign(inputs), compose_models(inputs)
    _write(render_campaign(campaign, say), paths.CAMPAIGN_PAGE)
    _write(render_models(models, say), paths.MODELS_PAGE)
    _write_documents(params, say)


def _write_documents(params: config.Params, say: Words) -> None:
    """Write the pages of the documents that both link to."""
    links = {"Next campaign": paths.CAMPAIGN_PAGE.name, "Model quality": paths.MODELS_PAGE.name}
    paths.DOCUMENT_PAGES.mkdir(parents=True, exist_ok=True)
    for document in read_linked_documents(params):
        page = render_document(compose_document(document, links, say), say)
        _write(page, paths.REPORTS / document.page)


def _write(page: str, path: Path) -> None:
    with paths.replacing(path) as partial:
        partial.write_text(page, encoding="utf-8")
    log.info("%s, %s kB", path, f"{len(page) / 1000:,.0f}")


if __name__ == "__main__":
    run(main)

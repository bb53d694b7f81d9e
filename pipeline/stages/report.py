"""report: what every stage wrote -> reports/index.html, one page that needs no network."""

import logging

from pipeline.foundation import config, paths
from pipeline.foundation.running import run
from pipeline.io.page_reading import read_page_inputs
from pipeline.reports.page.composition import compose
from pipeline.reports.page.rendering import render

log = logging.getLogger(__name__)


def main() -> None:
    """Write the page."""
    inputs = read_page_inputs(config.load())
    page = render(compose(inputs))
    with paths.replacing(paths.REPORT) as partial:
        partial.write_text(page, encoding="utf-8")
    size = f"{len(page) / 1000:,.0f}"
    log.info("%s models in; %s, %s kB", len(inputs.models), paths.REPORT, size)


if __name__ == "__main__":
    run(main)

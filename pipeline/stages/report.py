"""report: what every stage wrote -> reports/index.html and models.html, which need no network."""

import logging
from pathlib import Path

from pipeline.foundation import config, paths
from pipeline.foundation.running import run
from pipeline.io.page_reading import read_page_inputs
from pipeline.reports.page.composition import compose_campaign, compose_models
from pipeline.reports.page.rendering import render_campaign, render_models

log = logging.getLogger(__name__)


def main() -> None:
    """Write both pages."""
    inputs = read_page_inputs(config.load())
    _write(render_campaign(compose_campaign(inputs)), paths.CAMPAIGN_PAGE)
    _write(render_models(compose_models(inputs)), paths.MODELS_PAGE)


def _write(page: str, path: Path) -> None:
    with paths.replacing(path) as partial:
        partial.write_text(page, encoding="utf-8")
    log.info("%s, %s kB", path, f"{len(page) / 1000:,.0f}")


if __name__ == "__main__":
    run(main)

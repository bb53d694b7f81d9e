"""figures: docs/quality.md and docs/sample anew, from the reports of the run that stands here."""

import logging
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from pipeline.foundation import config, paths
from pipeline.foundation.config import MODEL_NAMES
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.foundation.running import run
from pipeline.io.documents import read_document
from pipeline.reports.readme.readme_families import put_families
from pipeline.reports.readme.readme_figures import put_figures

log = logging.getLogger(__name__)

SAMPLE = Path("docs/sample")
"""Both pages and what they link to, to be looked at before anything is installed."""


def main() -> None:
    """Replace what stands between the marks of the page, and the sample report."""
    evaluations = {
        str(name): read_document(paths.EVALUATION_REPORTS / f"{name}.json", EvaluationReport)
        for name in sorted(config.load().models)
    }
    written = put_figures(paths.QUALITY_PAGE.read_text(encoding="utf-8"), evaluations)
    written = put_families(written, read_families())
    with paths.replacing(paths.QUALITY_PAGE) as partial:
        partial.write_text(written, encoding="utf-8")
    log.info("%s: figures of %s", paths.QUALITY_PAGE, ", ".join(evaluations))
    copy_sample()
    log.info("%s: the pages of this run", SAMPLE)


def copy_sample() -> None:
    """Put the pages, the pages below them and the tables they link to where the documents are."""
    with paths.replacing_folder(SAMPLE) as folder:
        for file in pages_and_tables():
            copy = folder / file.relative_to(paths.REPORTS)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


def pages_and_tables() -> Iterator[Path]:
    """Return what is looked at of the reports, in order."""
    yield from (paths.CAMPAIGN_PAGE, paths.MODELS_PAGE)
    yield from sorted(paths.DOCUMENT_PAGES.glob("*.html"))
    for folder in (paths.ASSOCIATIONS_REPORT, paths.OFFERS_REPORT):
        yield from sorted(folder.glob("*.csv"))


def read_families() -> Mapping[str, Mapping[str, pd.DataFrame]]:
    """Return source → model → what the study of the families found, where it was asked."""
    files = {
        folder.name: {
            name: paths.study(folder.name, "families", name).with_suffix(".csv")
            for name in sorted(MODEL_NAMES)
        }
        for folder in sorted(paths.STUDIES.iterdir(), reverse=True)
    }
    return {
        source: {name: pd.read_csv(path) for name, path in models.items()}
        for source, models in files.items()
        if all(path.is_file() for path in models.values())
    }


if __name__ == "__main__":
    run(main)

"""figures: write the figures of docs/quality.md anew from reports/evaluation and reports/studies."""

import logging
from collections.abc import Mapping

import pandas as pd

from pipeline.foundation import config, paths
from pipeline.foundation.config import MODEL_NAMES
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.foundation.running import run
from pipeline.io.documents import read_document
from pipeline.reports.readme.readme_families import put_families
from pipeline.reports.readme.readme_figures import put_figures

log = logging.getLogger(__name__)


def main() -> None:
    """Replace what stands between the marks of the page."""
    evaluations = {
        str(name): read_document(paths.EVALUATION_REPORTS / f"{name}.json", EvaluationReport)
        for name in sorted(config.load().models)
    }
    written = put_figures(paths.QUALITY_PAGE.read_text(encoding="utf-8"), evaluations)
    written = put_families(written, read_families())
    paths.QUALITY_PAGE.write_text(written, encoding="utf-8")
    log.info("%s: figures of %s", paths.QUALITY_PAGE, ", ".join(evaluations))


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

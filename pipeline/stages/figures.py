"""figures: write the README's figures anew from reports/evaluation."""

import logging

from pipeline.foundation import config, paths
from pipeline.reports.readme_figures import put_figures
from pipeline.stages.shared.running import run
from pipeline.stages.shared.tables import read_json

log = logging.getLogger(__name__)


def main() -> None:
    """Replace what stands between the README's two marks."""
    evaluations = {
        str(name): read_json(paths.EVALUATION_REPORTS / f"{name}.json")
        for name in sorted(config.load().models)
    }
    written = put_figures(paths.README.read_text(encoding="utf-8"), evaluations)
    paths.README.write_text(written, encoding="utf-8")
    log.info("%s: figures of %s", paths.README, ", ".join(evaluations))


if __name__ == "__main__":
    run(main)

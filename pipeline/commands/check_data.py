"""check_data: what the source's rows are worth, before anything that takes long is run.

Reads, validates and counts by the stages' own code in a temporary folder; nothing of the project is
written. Ends with 0 where a run will get to its end, else with 1 and the reason. No DVC stage.
"""

import contextlib
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.commands.data_check_page import check_page
from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.hand_overs.population_report import PopulationReport
from pipeline.foundation.contracts.hand_overs.validation_report import ValidationReport
from pipeline.foundation.errors import PipelineError
from pipeline.foundation.running import run
from pipeline.io.documents import read_document
from pipeline.io.params_file import change_params
from pipeline.stages import ingest, population, validate

log = logging.getLogger(__name__)


def main() -> None:
    """Say what a run would find; exit with 1 where it would stop."""
    params = config.load()
    with _quietly("pipeline.stages"), _elsewhere(Path(params.source.files.folder)):
        stopped_by = _stop()
        sys.stdout.write(_page(params, stopped_by))
    if stopped_by is not None:
        log.error("%s", stopped_by)
        sys.exit(1)


@contextlib.contextmanager
def _quietly(name: str) -> Iterator[None]:
    """Let a logger say warnings and errors only, for as long as this lasts."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextlib.contextmanager
def _elsewhere(files: Path) -> Iterator[None]:
    """Work in an empty folder with the same parameters, which find the user's data all the same."""
    text, folder = paths.PARAMS.read_text(encoding="utf-8"), files.resolve()
    pulled = paths.PULLED.resolve()
    with tempfile.TemporaryDirectory() as temporary, contextlib.chdir(temporary):
        paths.PARAMS.write_text(text, encoding="utf-8")
        if pulled.exists():
            paths.PULLED.parent.mkdir(parents=True)
            paths.PULLED.symlink_to(pulled)
        change_params(lambda content: content["source"]["files"].update(folder=folder.as_posix()))
        yield


def _stop() -> PipelineError | None:
    """Run the stages that judge the data; return what stops them, if anything does."""
    try:
        for stage in (ingest, validate, population):
            stage.main()
    except PipelineError as error:
        return error
    return None


def _page(params: Params, stopped_by: PipelineError | None) -> str:
    validated = counted = None
    if paths.VALIDATION_REPORT.exists():
        validated = read_document(paths.VALIDATION_REPORT, ValidationReport)
    if paths.POPULATION_REPORT.exists():
        counted = read_document(paths.POPULATION_REPORT, PopulationReport)
    return check_page(validated, counted, params.promote.min_positives, is_fit=stopped_by is None)


if __name__ == "__main__":
    run(main)

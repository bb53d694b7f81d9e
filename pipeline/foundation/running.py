"""How a stage is started, and how it ends."""

import gc
import logging
import sys
from collections.abc import Callable

from pipeline.foundation.config import MODEL_NAMES, ModelName
from pipeline.foundation.errors import ConfigurationError, PipelineError, known


def run(stage: Callable[[], None]) -> None:
    """Run a stage; an error its user can act on is printed without a traceback."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s", stream=sys.stderr)
    logging.getLogger("pipeline").setLevel(logging.INFO)
    gc.freeze()  # what was imported stays: the collector need not look through it again
    try:
        stage()
    except PipelineError as error:
        logging.getLogger(stage.__module__).error("%s", error)  # noqa: TRY400 - the message is the manual
        sys.exit(1)


def model_argument() -> ModelName:
    """Return the model that a stage is called for, its one argument."""
    given = sys.argv[1:]
    for name in MODEL_NAMES:
        if given == [name]:
            return name
    raise ConfigurationError(
        f"one argument, {known(MODEL_NAMES)}",
        " ".join(given) or "none",
        "Call it as dvc.yaml does.",
    )

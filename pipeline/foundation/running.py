"""How a stage is started, and how it ends."""

import gc
import logging
import sys
from collections.abc import Callable

from pipeline.foundation.config import MODEL_NAMES, ModelName
from pipeline.foundation.errors import ConfigurationError, PipelineError, known
from pipeline.foundation.faults import in_words
from pipeline.foundation.leftovers import close_to_others, remove_leftovers


def run(stage: Callable[[], None]) -> None:
    """Run a stage; an error its user can act on is printed without a traceback."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s", stream=sys.stderr)
    logging.getLogger("pipeline").setLevel(logging.INFO)
    gc.freeze()  # what was imported stays: the collector need not look through it again
    try:
        close_to_others()
        remove_leftovers()
        stage()
    except PipelineError as error:
        _end(stage, error)
    except KeyboardInterrupt:
        logging.getLogger(stage.__module__).warning("stopped; run it again")
        sys.exit(130)
    except Exception as error:
        told = in_words(error)
        if told is None:
            raise
        _end(stage, told)


def _end(stage: Callable[[], None], error: PipelineError) -> None:
    logging.getLogger(stage.__module__).error("%s", error)
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

"""How a search went on: every trial, and the best value that was known after it."""

from collections.abc import Sequence
from itertools import accumulate

import pandas as pd

from pipeline.models.tuning.search import SearchTrial


def trace(trials: Sequence[SearchTrial]) -> pd.DataFrame:
    """Return trial, state, value and best; a pruned trial is never the best, however it began."""
    complete = [trial.value if trial.state == "complete" else float("inf") for trial in trials]
    best = pd.Series(list(accumulate(complete, min)), dtype="float64")
    return pd.DataFrame(
        {
            "trial": [trial.number for trial in trials],
            "state": [trial.state for trial in trials],
            "validation_log_loss": [trial.value for trial in trials],
            "best": best.where(best < float("inf")),
        }
    )

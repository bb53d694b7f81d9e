"""Is a weighted sample of the negatives enough, or do all rows make a better model?

    python -m benchmarks.training_rows [<model>]

In the folder of a finished run: fits the tuned trees on all eligible train rows and on samples of
so many negatives for each positive, stopped by the same validation rows, and looks at all eligible
rows of the test. Samples are drawn anew with other seeds, which tells differences from chance.
"""

import json
import logging
import resource
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

from pipeline.foundation import config, paths
from pipeline.foundation.config import MODEL_NAMES, ModelName, Params
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.model_examples import read_examples
from pipeline.io.tables import read_json, write_json
from pipeline.models.estimators.boosted_trees import fit_watched
from pipeline.models.examples import Examples
from pipeline.models.tuning.search import TunedParams

log = logging.getLogger(__name__)
SAMPLES = ((2, 3), (5, 3), (10, 3), (20, 1), (None, 1))
"""Negatives for each positive (None: all rows), and how many samples are drawn."""
HELD_OUT = ("validation", "test")
MAX_TREES = 2_000
PATIENCE = 40


@dataclass(frozen=True)
class Fitted:
    """One fit, and what it is worth on the test."""

    negatives_per_positive: int | None
    seed: int
    rows: int
    trees: int
    auc: float
    log_loss: float
    seconds: float
    """Of the processor, to fit and to read."""
    peak_mb: float
    """Of the process so far; fits go from few rows to many."""


def main() -> None:
    """Fit every sample, and write what was found."""
    model = next((name for name in MODEL_NAMES if name in sys.argv[1:]), MODEL_NAMES[-1])
    params = config.load()
    with open_engine(params.engine) as engine:
        held_out = {split: read_examples(engine, model, split) for split in HELD_OUT}
        found = [
            _fitted(engine, params, model, held_out, negatives=negatives, seed=seed)
            for negatives, seeds in SAMPLES
            for seed in range(1, seeds + 1)
        ]
    path = paths.study(params.source.name, "training_rows", model).with_suffix(".json")
    write_json({"fits": [asdict(one) for one in found]}, path)


def _fitted(
    engine: Engine,
    params: Params,
    model: ModelName,
    held_out: Mapping[str, Examples],
    *,
    negatives: int | None,
    seed: int,
) -> Fitted:
    tuned = TunedParams.from_json(read_json(paths.TUNING / model / "best.json"))
    started = time.process_time()
    train = read_examples(engine, model, "train", negatives_per_positive=negatives, seed=seed)
    trees = fit_watched(
        train,
        held_out["validation"],
        tuned.params,
        MAX_TREES,
        PATIENCE,
        seed=seed,
        threads=params.train.threads,
    )
    seconds = time.process_time() - started
    test = held_out["test"]
    predicted = 1 / (1 + np.exp(-trees.raw(test.features)))
    fitted = Fitted(
        negatives,
        seed,
        len(train),
        trees.booster.trees,
        round(float(roc_auc_score(test.labels, predicted)), 5),
        round(float(log_loss(test.labels, predicted)), 6),
        round(seconds, 1),
        round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    )
    log.info("%s: %s", model, json.dumps(asdict(fitted)))
    return fitted


if __name__ == "__main__":
    run(main)

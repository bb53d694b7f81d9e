"""The expected value of a number, by boosted trees with their encoder."""

from dataclasses import dataclass

import pandas as pd

from pipeline.models.estimators.boosting import (
    Booster,
    BoostingParams,
    LabelledRows,
    bin_rows,
    fit_trees,
)
from pipeline.models.estimators.encoding import Encoder, fit_encoder
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats

CAREFUL = BoostingParams(learning_rate=0.05, num_leaves=15, min_data_in_leaf=50)


@dataclass(frozen=True)
class RegressionTrees:
    """Trees fitted to a mean."""

    encoder: Encoder
    booster: Booster

    def expected(self, features: pd.DataFrame) -> Floats:
        """Return the expected number of each row."""
        return self.booster.raw(self.encoder.encode(features))


def fit_regression_trees(
    train: Examples, params: BoostingParams, trees: int, seed: int, threads: int
) -> RegressionTrees:
    """Fit a known number of trees by squared error, so that what they tell is a mean."""
    encoder = fit_encoder(train.features)
    rows = LabelledRows(encoder.encode(train.features), train.labels.astype(float), train.weights)
    binned = bin_rows(rows, None, seed, threads, objective="regression")
    return RegressionTrees(encoder, fit_trees(binned, params, trees).booster)

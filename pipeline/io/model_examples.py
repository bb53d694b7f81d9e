"""One model's labelled rows of one snapshot part, as the models room takes them."""

import numpy as np

from pipeline.features.matrix import Matrix
from pipeline.foundation.config import ModelName
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import DataError
from pipeline.io.matrices import read_matrix
from pipeline.models.examples import Examples

CANDIDATE = "category"
"""The feature whose every value has a base rate, and a calibration, of its own."""


def read_examples(
    engine: Engine,
    model: ModelName,
    split: str,
    *,
    max_rows: int | None = None,
    negatives_per_positive: int | None = None,
    seed: int = 0,
    most_customers: int | None = None,
) -> Examples:
    """Read the eligible rows of a split; see `read_matrix`."""
    matrix = read_matrix(
        engine,
        model,
        splits=[split],
        eligible_only=True,
        max_rows=max_rows,
        negatives_per_positive=negatives_per_positive,
        seed=seed,
        most_customers=most_customers,
    )
    return to_examples(matrix)


def to_examples(matrix: Matrix) -> Examples:
    """Return a labelled matrix as examples.

    Raises:
        DataError: the outcomes are not known yet.
    """
    if matrix.labels is None:
        raise DataError(
            "rows whose outcome is known",
            "rows of the scoring snapshot",
            "Read the splits train, validation or test.",
        )
    labels = matrix.labels.astype(np.float64)
    days = matrix.keys["as_of_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    return Examples(matrix.features, labels, matrix.weights, matrix.groups, days)

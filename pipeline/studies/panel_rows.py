"""The rows of a panel: the matrices of several as-of dates, one below the other."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.features.matrix import Matrix
from pipeline.foundation.contracts.keys import CUSTOMER_KEYS
from pipeline.models.examples import Examples
from pipeline.population.dates import OutcomeWindow
from pipeline.studies.panel import Panel


def join_dates(matrices: Sequence[Matrix], window: OutcomeWindow) -> Panel:
    """Put the dates below one another; texts and customers get one code for all dates."""
    features = _with_same_texts([matrix.features for matrix in matrices])
    keys = pd.concat(
        [matrix.keys[[*CUSTOMER_KEYS]].astype({"customer_id": "object"}) for matrix in matrices],
        ignore_index=True,
    )
    labels = [np.asarray(matrix.labels, dtype=np.float64) for matrix in matrices]
    codes = np.unique(keys["customer_id"].to_numpy(dtype=str), return_inverse=True)[1]
    dates = keys["as_of_date"].to_numpy().astype("datetime64[D]")
    examples = Examples(
        pd.concat(features, ignore_index=True),
        np.concatenate(labels),
        np.ones(len(keys)),
        codes.astype(np.int64),
        dates.astype(np.int64),
    )
    return Panel(examples, dates, window)


def _with_same_texts(frames: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    texts = frames[0].select_dtypes("category").columns
    known = {
        name: sorted(set().union(*(frame[name].cat.categories for frame in frames)))
        for name in texts
    }
    return [
        frame.assign(**{name: frame[name].cat.set_categories(known[name]) for name in texts})
        for frame in frames
    ]

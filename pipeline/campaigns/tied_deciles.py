"""Deciles of a wave by a score, in which equal scores stand together.

Ties broken by customer id would let a constant score rank whatever goes with the age of an id; here
whoever has the same score is in the same decile, whatever the order of the rows.
"""

import numpy as np
from scipy.stats import rankdata

from pipeline.statistics.arrays import Floats, Ints


def tied_deciles(scores: Floats) -> Ints:
    """Return the tenth that each row stands in, 1 for the highest scores, by the mean rank of ties.

    Scores 0.4, 0.1, 0.1 have the ranks 1, 2.5, 2.5 of 3: deciles 4, 9, 9. The least decile whose
    rows end at the rank or after it: 10 x 1 / 3 rounded up is 4, 10 x 2.5 / 3 is 9.
    """
    doubled = np.rint(2 * rankdata(-scores, method="average")).astype(np.int64)
    return np.asarray(-(-doubled * 10 // (2 * max(len(scores), 1))), dtype=np.int64)

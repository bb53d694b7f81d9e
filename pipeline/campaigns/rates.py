"""A proportion with its Wilson confidence interval."""

import numpy as np

from pipeline.statistics.bootstrap import Interval
from pipeline.statistics.normal import wilson_interval


def rate(successes: int, customers: int) -> Interval:
    """Return a share and its 95% confidence interval (Wilson, 1927); empty if there is nobody."""
    if customers == 0:
        return Interval(None, None, None)
    share = successes / customers
    low, high = wilson_interval(np.array([share]), np.array([float(customers)]))
    return Interval(share, max(float(low[0]), 0.0), min(float(high[0]), 1.0))
